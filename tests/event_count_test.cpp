#include "util/event_count.h"

#include <chrono>
#include <cstdint>
#include <thread>
#include <utility>
#include <vector>

#include "check.h"

namespace digits {
namespace {

using testing::check;

// Threads pass a token round. The holder first yields a few times, so that the others block.
TEST(no_wake_up_is_lost) {
    constexpr std::uint32_t thread_count = 5, passes = 10'000;
    EventCount event;
    Counter passed = 0;  // passes so far
    std::vector<std::thread> threads;
    for (std::uint32_t t = 0; t < thread_count; ++t) {
        threads.emplace_back([&, t] {
            for (std::uint32_t pass = t; pass < passes; pass += thread_count) {
                for (std::uint32_t now; (now = passed) != pass;) {
                    event.wait_while_equal(passed, now, std::chrono::nanoseconds(0));
                }
                for (std::uint32_t turn = 0; turn < pass % 16; ++turn) std::this_thread::yield();
                ++passed;
                event.wake_all();
            }
        });
    }
    const auto timeout = std::chrono::seconds(10);
    auto deadline = std::chrono::steady_clock::now() + timeout;
    bool is_stuck = false;
    for (std::uint32_t seen = 0; passed < passes;) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        const auto now = std::chrono::steady_clock::now();
        if (std::exchange(seen, passed) != passed) deadline = now + timeout;
        is_stuck = is_stuck || now > deadline;
        if (is_stuck) event.wake_all();  // otherwise the test would not end
    }
    for (std::thread& thread : threads) thread.join();
    check(!is_stuck);
}

TEST(waiting_returns_at_once_if_the_counter_has_already_changed) {
    EventCount event;
    const Counter counter = 2;
    event.wait_while_equal(counter, 1, std::chrono::hours(1));
    event.wait_while_equal(counter, 1, std::chrono::hours(0));
}

}  // namespace
}  // namespace digits
