#include "cli/run/interrupt.h"

#include <array>
#include <atomic>
#include <csignal>

namespace digits {
namespace {

// The signals by which people and systems end a program, as far as this system has them.
constexpr int ending_signals[] = {
    SIGINT,  // Ctrl-C
    SIGTERM,
#ifdef SIGHUP
    SIGHUP,  // the terminal was closed, or the connection was lost
#endif
#ifdef SIGPIPE
    SIGPIPE,  // the program that read the output has ended
#endif
#ifdef SIGXCPU
    SIGXCPU,  // the limit of processor time
#endif
#ifdef SIGUSR1
    SIGUSR1,  SIGUSR2,  // batch systems announce the end of the time with them
#endif
#ifdef SIGBREAK
    SIGBREAK,  // Windows: Ctrl-Break, or the console was closed
#endif
};

using Handler = void (*)(int);
std::array<Handler, std::size(ending_signals)> previous_handlers{};

// A signal handler may run in any thread.
std::atomic<int> noted_signal = 0;
std::atomic<int> interrupts = 0;
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler must not wait for a lock");

extern "C" void note_signal(int signal) {
    int none = 0;
    noted_signal.compare_exchange_strong(none, signal);
    // On some systems a signal that was handled once ends the program the next time.
    std::signal(signal, note_signal);
    constexpr int most_interrupts = 3;
    if (signal == SIGINT && ++interrupts == most_interrupts) {
        std::signal(SIGINT, SIG_DFL);
        std::raise(SIGINT);
    }
}

}  // namespace

InterruptWatch::InterruptWatch() {
    noted_signal = 0;
    interrupts = 0;
    for (std::size_t i = 0; i < previous_handlers.size(); ++i) {
        // The parent process may have made the program ignore signals, as nohup does.
        previous_handlers[i] = std::signal(ending_signals[i], note_signal);
        if (previous_handlers[i] == SIG_IGN) std::signal(ending_signals[i], SIG_IGN);
    }
}

InterruptWatch::~InterruptWatch() {
    for (std::size_t i = 0; i < previous_handlers.size(); ++i) {
        if (previous_handlers[i] != SIG_ERR) std::signal(ending_signals[i], previous_handlers[i]);
    }
}

int InterruptWatch::signal() const {
    return noted_signal;
}

void ignore_file_size_signal() {
#ifdef SIGXFSZ
    std::signal(SIGXFSZ, SIG_IGN);
#endif
}

}  // namespace digits
