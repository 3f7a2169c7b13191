// Three mistakes with threads, to be seen and not to be used: --race, --false-sharing and
// --lost-wake-up. Each ends by itself.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <thread>
#include <vector>

#include "../book.h"
#include "util/stopwatch.h"

namespace digits {

constexpr auto relaxed = std::memory_order_relaxed;

// Runs body(0), body(1) ... each on a thread of its own, beginning together. Returns the seconds
// of the slowest.
template <class Body>
double on_threads(std::size_t count, Body body) {
    std::atomic<std::size_t> ready = 0;
    std::vector<double> seconds(count);
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < count; ++t) {
        threads.emplace_back([&, t] {
            ++ready;
            while (ready != count) {
            }
            const Stopwatch stopwatch;
            body(t);
            seconds[t] = stopwatch.seconds();
        });
    }
    for (std::thread& thread : threads) thread.join();
    return *std::ranges::max_element(seconds);
}

// All threads add to the same counter. Each load and each store is atomic, but the pair is not:
// another thread may store in between, and its addition is overwritten. (A plain int would be
// undefined behaviour, and no better example: the compiler adds up in a register and stores once.)
inline int race(std::size_t threads, int additions) {
    std::atomic<int> counter = 0;
    on_threads(threads, [&](std::size_t) {
        for (int i = 0; i < additions; ++i) counter.store(counter.load(relaxed) + 1, relaxed);
    });
    return counter;
}

inline int no_race(std::size_t threads, int additions) {
    std::atomic<int> counter = 0;
    on_threads(threads, [&](std::size_t) {
        for (int i = 0; i < additions; ++i) counter.fetch_add(1, relaxed);
    });
    return counter;
}

struct Together {
    std::atomic<int> count = 0;  // sixteen of them share a line of 64 bytes
};
struct alignas(128) Apart {  // 128: the lines of Apple's processors, and pairs of lines of Intel's
    std::atomic<int> count = 0;
};

// Each thread adds to a counter of its own, so nothing can be lost. Returns the nanoseconds of an
// addition: the median of several runs, since in a lucky one the threads miss each other.
template <class Slot>
double nanoseconds_of_addition(std::size_t threads) {
    constexpr int runs = 15, additions = 10'000'000;
    std::vector<Slot> slots(threads);
    std::vector<double> seconds;
    for (int run = 0; run < runs; ++run) {
        seconds.push_back(on_threads(threads, [&](std::size_t t) {
            std::atomic<int>& mine = slots[t].count;
            for (int i = 0; i < additions; ++i) mine.store(mine.load(relaxed) + 1, relaxed);
        }));
    }
    std::ranges::sort(seconds);
    return 1e9 * seconds[runs / 2] / additions;
}

// One thread looks whether `ready` is set and goes to sleep if it is not; the gap between the two,
// in reality a few nanoseconds, is drawn out. In the middle of it another thread sets `ready` and
// wakes all sleepers. Returns the seconds until the first thread has noticed.
inline double seconds_to_notice(std::chrono::milliseconds gap, bool looks_under_lock) {
    std::atomic<bool> ready = false;
    std::mutex mutex;
    std::condition_variable condition;
    double seconds = 0.0;
    std::thread sleeper([&] {
        const Stopwatch stopwatch;
        std::unique_lock lock(mutex, std::defer_lock);
        if (looks_under_lock) lock.lock();
        if (!ready) {
            std::this_thread::sleep_for(gap);
            if (!looks_under_lock) lock.lock();
            condition.wait_for(lock, std::chrono::seconds(1));  // wait() would have no limit
        }
        seconds = stopwatch.seconds();
    });
    std::this_thread::sleep_for(gap / 2);
    ready = true;
    { const std::lock_guard lock(mutex); }  // waits for a sleeper that looks under the lock
    condition.notify_all();
    sleeper.join();
    return seconds;
}

// The switches --race THREADS, --false-sharing THREADS and --lost-wake-up MILLISECONDS.
inline void break_things(Chapter& book) {
    if (const std::size_t threads = std::min<std::size_t>(16, book.number("--race", 0))) {
        constexpr int additions = 10'000'000;
        std::printf("%zu threads add 1 to a counter, %d times each\n", threads, additions);
        std::printf("load, then store: %d\n", race(threads, additions));
        const int sum = no_race(threads, additions);
        std::printf("fetch_add:        %d\n", sum);
        book.claim(sum == static_cast<int>(threads) * additions, "fetch_add loses nothing");
    }
    if (const std::size_t threads = std::min<std::size_t>(16, book.number("--false-sharing", 0))) {
        std::printf("%zu threads, each with a counter of its own; an addition takes\n", threads);
        std::printf("in one cache line:  %.2f ns\n", nanoseconds_of_addition<Together>(threads));
        std::printf("in different lines: %.2f ns\n", nanoseconds_of_addition<Apart>(threads));
    }
    if (const std::size_t gap = std::min<std::size_t>(1000, book.number("--lost-wake-up", 0))) {
        std::printf("a change comes %g ms after a look, a sleep %zu ms after it; noticed\n",
                    static_cast<double>(gap) / 2, gap);
        for (const bool locked : {false, true}) {
            std::printf(locked ? "look and sleep under a lock:  after %.3f s\n"
                               : "look, then lock and sleep:    after %.3f s\n",
                        seconds_to_notice(std::chrono::milliseconds(gap), locked));
        }
    }
}

}  // namespace digits
