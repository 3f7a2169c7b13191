// Stopwatch: measures elapsed wall-clock time.
#pragma once

#include <chrono>

namespace digits {

// Starts when it is constructed.
class Stopwatch {
public:
    double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

    // Returns the elapsed seconds and restarts from zero.
    double lap() {
        const Clock::time_point now = Clock::now();
        const std::chrono::duration<double> time = now - start_;
        start_ = now;
        return time.count();
    }

private:
    using Clock = std::chrono::steady_clock;

    Clock::time_point start_ = Clock::now();
};

}  // namespace digits
