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

// Threads hand a ball round. Who has it lets the others take some turns, so that they fall asleep.
TEST(nobody_sleeps_through_being_woken) {
    constexpr std::uint32_t players = 5, passes = 10'000;
    EventCount room;
    Counter ball = 0;  // passes so far
    std::vector<std::thread> threads;
    for (std::uint32_t player = 0; player < players; ++player) {
        threads.emplace_back([&, player] {
            for (std::uint32_t pass = player; pass < passes; pass += players) {
                for (std::uint32_t now; (now = ball) != pass;) {
                    room.wait_while_equal(ball, now, std::chrono::nanoseconds(0));
                }
                for (std::uint32_t turn = 0; turn < pass % 16; ++turn) std::this_thread::yield();
                ++ball;
                room.wake_all();
            }
        });
    }
    const auto patience = std::chrono::seconds(10);
    auto deadline = std::chrono::steady_clock::now() + patience;
    bool slept_through = false;
    for (std::uint32_t seen = 0; ball < passes;) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        const auto now = std::chrono::steady_clock::now();
        if (std::exchange(seen, ball) != ball) deadline = now + patience;
        slept_through = slept_through || now > deadline;
        if (slept_through) room.wake_all();  // or the test would not end either
    }
    for (std::thread& thread : threads) thread.join();
    check(!slept_through);
}

TEST(who_waits_for_what_has_changed_already_goes_on) {
    EventCount room;
    const Counter counter = 2;
    room.wait_while_equal(counter, 1, std::chrono::hours(1));
    room.wait_while_equal(counter, 1, std::chrono::hours(0));
}

}  // namespace
}  // namespace digits
