// Event count: threads wait until an atomic counter changes. They spin first, then block.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

namespace digits {

using Counter = std::atomic<std::uint32_t>;

// std::atomic has wait() and notify_all() for this. But in GCC's library before version 16, a
// wake-up can be lost on systems without a futex (Linux's call "sleep if this number still has that
// value"), such as Windows, or macOS with g++: a thread reads the counter, the notification
// arrives, and only then does the thread block, for ever.
class EventCount {
public:
    // Returns once the counter no longer holds `value`. Spins for `spin_time`, then blocks.
    void wait_while_equal(const Counter& counter, std::uint32_t value,
                          std::chrono::nanoseconds spin_time) {
        const auto spin_deadline = Clock::now() + spin_time;
        while (counter == value) {
            if (Clock::now() < spin_deadline) continue;
            // Yielding to the other threads is often enough for the counter to change.
            for (int turn = 0; turn < 4 && counter == value; ++turn) std::this_thread::yield();
            std::unique_lock lock(mutex_);
            ++waiters_;
            while (counter == value) condition_.wait(lock);
            --waiters_;
        }
    }

    // Call this after each change of a counter that a thread may be waiting for. It costs next to
    // nothing while no thread is blocked.
    void wake_all() {
        // A waiter increments waiters_ and then reads the counter; this thread has changed the
        // counter and then reads waiters_. All threads see these four steps in one order, whichever
        // it is (the default order of atomics promises that, weaker ones do not), and the last of
        // the four is a read: so at least one of the two sees the other's change.
        if (waiters_ == 0) return;
        // A waiter holds the mutex from reading the old value until it blocks, so after locking
        // the mutex here the notification cannot miss that waiter.
        { const std::lock_guard lock(mutex_); }
        condition_.notify_all();
    }

private:
    using Clock = std::chrono::steady_clock;

    std::mutex mutex_;
    std::condition_variable condition_;
    Counter waiters_ = 0;  // threads that are blocked or about to block
};

}  // namespace digits
