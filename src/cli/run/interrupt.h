// Signal handling: notes Ctrl-C and the other signals that end a program, so that a training can
// save its state and stop.
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

// During the lifetime of this object, SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXCPU, SIGUSR1 and
// SIGUSR2 are only noted, except those that were ignored before: they stay ignored. Whoever loses
// patience presses Ctrl-C three times, which ends the program at once. At most one may exist at a
// time.
class InterruptWatch {
public:
    InterruptWatch();
    ~InterruptWatch();
    InterruptWatch(const InterruptWatch&) = delete;
    InterruptWatch& operator=(const InterruptWatch&) = delete;

    // The first signal that was noted, or 0.
    int signal() const;
};

// Ignores SIGXFSZ: exceeding a file size limit then fails the write, which can be reported, instead
// of ending the program.
void ignore_file_size_signal();

}  // namespace digits
