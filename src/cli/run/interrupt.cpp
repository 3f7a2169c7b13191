#include "cli/run/interrupt.h"

#include <atomic>
#include <csignal>

namespace digits {
namespace {

// A signal handler may run in any thread.
std::atomic<int> noted_signal = 0;
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler must not wait for a lock");

extern "C" void note_signal(int signal) {
    noted_signal = signal;
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
}

}  // namespace

InterruptWatch::InterruptWatch() {
    noted_signal = 0;
    // The parent process may have made the program ignore signals, as nohup and background jobs do.
    for (const int number : {SIGINT, SIGTERM}) {
        if (std::signal(number, note_signal) == SIG_IGN) std::signal(number, SIG_IGN);
    }
}

InterruptWatch::~InterruptWatch() {
    for (const int number : {SIGINT, SIGTERM}) {
        if (std::signal(number, SIG_DFL) == SIG_IGN) std::signal(number, SIG_IGN);
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
