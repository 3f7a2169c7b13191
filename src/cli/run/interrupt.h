// Signal handling: notes Ctrl-C (SIGINT) and SIGTERM so that a training can save its state and
// stop.
#pragma once

#include <stdexcept>
#include <string>

namespace digits {

// Thrown after a signal, once everything has been saved. The program prints what() and ends with
// the exit code 128 + signal, as shells report a program that a signal ended.
class Interrupted : public std::runtime_error {
public:
    Interrupted(const std::string& message, int signal)
        : std::runtime_error(message), signal_(signal) {}
    int signal() const { return signal_; }

private:
    int signal_;
};

// During the lifetime of this object, the first of these signals is only noted; the second ends the
// program as usual. At most one may exist at a time.
class InterruptWatch {
public:
    InterruptWatch();
    ~InterruptWatch();
    InterruptWatch(const InterruptWatch&) = delete;
    InterruptWatch& operator=(const InterruptWatch&) = delete;

    // The signal that was noted, or 0.
    int signal() const;
};

// Ignores SIGXFSZ: exceeding a file size limit then fails the write, which can be reported, instead
// of ending the program.
void ignore_file_size_signal();

}  // namespace digits
