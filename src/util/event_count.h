// Where threads wait until a number changes: first awake, then asleep.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

namespace digits {

using Counter = std::atomic<std::uint32_t>;

// std::atomic has wait() and notify_all() for this. But in GCC's library before version 16 they can
// miss each other wherever the system has no futex, as on Windows, or on macOS with g++: a thread
// looks at the number, the notification comes, and only then the thread goes to sleep, for ever.
class EventCount {
public:
    // Returns when the counter no longer holds `value`. Who waits longer than `awake` falls asleep.
    void wait_while_equal(const Counter& counter, std::uint32_t value,
                          std::chrono::nanoseconds awake) {
        const auto bedtime = Clock::now() + awake;
        while (counter == value) {
            if (Clock::now() < bedtime) continue;
            // When the others have had their turns, it has often changed.
            for (int turn = 0; turn < 4 && counter == value; ++turn) std::this_thread::yield();
            std::unique_lock lock(door_);
            ++asleep_;
            while (counter == value) woken_.wait(lock);
            --asleep_;
        }
    }

    // To be called after each change of a counter that somebody may be waiting for. Costs next to
    // nothing while all are awake.
    void wake_all() {
        // The waiting thread counts itself and then looks at the counter; this one has changed the
        // counter and then looks who is counted. So at least one of them sees the other.
        if (asleep_ == 0) return;
        // Who has seen the old value, but is not asleep yet, holds the door until he is.
        { const std::lock_guard lock(door_); }
        woken_.notify_all();
    }

private:
    using Clock = std::chrono::steady_clock;

    std::mutex door_;
    std::condition_variable woken_;
    Counter asleep_ = 0;  // how many are, or are about to be
};

}  // namespace digits
