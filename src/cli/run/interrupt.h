// Ctrl-C and SIGTERM: noticed, so that a training can put its things in order before it ends.
#pragma once

#include <stdexcept>
#include <string>

namespace digits {

// What a program that put its things in order throws to end. The program prints what() and ends
// with the exit code 128 + signal, as shells report those that a signal ended.
class Interrupted : public std::runtime_error {
public:
    Interrupted(const std::string& message, int signal)
        : std::runtime_error(message), signal_(signal) {}
    int signal() const { return signal_; }

private:
    int signal_;
};

// While one of these lives, the first such signal is only noted; the second ends the program as it
// would without this. There may be one at a time.
class InterruptWatch {
public:
    InterruptWatch();
    ~InterruptWatch();
    InterruptWatch(const InterruptWatch&) = delete;
    InterruptWatch& operator=(const InterruptWatch&) = delete;

    // The signal that came, or 0.
    int signal() const;
};

// Writing beyond a limit on the size of files shall be an error that can be reported, not the end.
void ignore_file_size_signal();

}  // namespace digits
