#include "util/parallel.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "check.h"
#include "util/system_info.h"

namespace digits {
namespace {

using testing::check;
using testing::check_equal;
using testing::check_throws;

// One thread, as many as there may be cores, and more threads than cores.
constexpr std::size_t thread_counts[] = {1, 2, 3, 7};

// Sets the thread count and restores the default for the next test.
struct Threads {
    explicit Threads(std::size_t count) { set_thread_count(count); }
    ~Threads() { set_thread_count(0); }
};

// A barrier with a timeout: counts the chunks that have started and lets each wait for the others.
class Barrier {
public:
    bool wait_for(int count) {
        ++started_;
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (started_ < count && std::chrono::steady_clock::now() < deadline) {
            std::this_thread::yield();
        }
        return started_ >= count;
    }

private:
    std::atomic<int> started_ = 0;
};

TEST(every_index_is_visited_exactly_once) {
    for (const std::size_t threads : thread_counts) {
        const Threads use(threads);
        for (const std::size_t size : {0u, 1u, 2u, 3u, 10u, 97u, 1000u}) {
            for (const std::size_t grain : {0u, 1u, 3u, 50u, 5000u}) {
                std::vector<int> visits(size + 10, 0);
                parallel_for(5, 5 + size, grain, [&](std::size_t begin, std::size_t end) {
                    for (std::size_t i = begin; i < end; ++i) ++visits[i];
                });
                for (std::size_t i = 0; i < visits.size(); ++i) {
                    check_equal(visits[i], i >= 5 && i < 5 + size ? 1 : 0);
                }
            }
        }
    }
}

TEST(an_empty_or_reversed_range_calls_nothing) {
    const auto never = [](std::size_t, std::size_t) { throw std::logic_error("called"); };
    parallel_for(3, 3, 1, never);
    parallel_for(4, 3, 1, never);
}

TEST(no_chunk_but_the_last_is_shorter_than_the_grain) {
    const Threads use(3);
    for (const std::size_t size : {1u, 16u, 17u, 100u, 1000u}) {
        std::mutex guard;
        std::vector<std::pair<std::size_t, std::size_t>> chunks;
        parallel_for(0, size, 16, [&](std::size_t begin, std::size_t end) {
            const std::lock_guard lock(guard);
            chunks.emplace_back(begin, end);
        });
        std::sort(chunks.begin(), chunks.end());
        chunks.pop_back();
        for (const auto& [begin, end] : chunks) check(end - begin >= 16);
        if (size <= 16) check(chunks.empty());
    }
}

TEST(the_whole_range_of_size_t_can_be_divided) {
    const Threads use(2);
    std::atomic<std::size_t> total = 0;
    parallel_for(0, SIZE_MAX, 1, [&](std::size_t begin, std::size_t end) { total += end - begin; });
    check_equal(total.load(), SIZE_MAX);
}

// The caller always runs the first chunk: each thread finds what it wrote in the last call.
TEST(all_threads_work_at_the_same_time_each_on_its_own_chunk) {
    for (const std::size_t threads : thread_counts) {
        const Threads use(threads);
        check_equal(thread_count(), threads);
        Barrier barrier;
        std::atomic<bool> all_started = true;
        std::thread::id owner_of_first;
        parallel_for(0, threads, 1, [&](std::size_t begin, std::size_t end) {
            // A single thread gets the whole range as one chunk.
            if (threads > 1 && end - begin > 1) all_started = false;
            if (!barrier.wait_for(static_cast<int>(threads))) all_started = false;
            if (begin == 0) owner_of_first = std::this_thread::get_id();
        });
        check(all_started);
        check(owner_of_first == std::this_thread::get_id());
    }
}

TEST(blocked_workers_wake_up) {
    const Threads use(2);
    for (int round = 0; round < 3; ++round) {
        // Much longer than a waiting worker spins.
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        Barrier barrier;
        std::atomic<bool> both_started = true;
        parallel_for(0, 2, 1, [&](std::size_t, std::size_t) {
            if (!barrier.wait_for(2)) both_started = false;
        });
        check(both_started);
    }
}

TEST(the_next_call_sees_the_results_of_the_last_one) {
    for (const std::size_t threads : thread_counts) {
        const Threads use(threads);
        std::vector<int> values(97, 0);
        for (int round = 0; round < 300; ++round) {
            // Not atomic, and a different chunk each round: a lost update or a race would show.
            const std::size_t shift = static_cast<std::size_t>(round) % values.size();
            parallel_for(0, values.size(), 5, [&](std::size_t begin, std::size_t end) {
                for (std::size_t i = begin; i < end; ++i) ++values[(i + shift) % values.size()];
            });
        }
        for (const int value : values) check_equal(value, 300);
    }
}

TEST(an_exception_reaches_the_caller_and_the_pool_survives_it) {
    for (const std::size_t threads : thread_counts) {
        const Threads use(threads);
        for (int round = 0; round < 20; ++round) {
            const auto call = [&] {
                parallel_for(0, 100, 1, [&](std::size_t begin, std::size_t end) {
                    if (begin <= 42 && 42 < end) throw std::runtime_error("error in 42");
                });
            };
            check_throws(call, "error in 42");
            std::atomic<std::size_t> total = 0;
            parallel_for(0, 100, 1,
                         [&](std::size_t begin, std::size_t end) { total += end - begin; });
            check_equal(total.load(), std::size_t{100});
        }
    }
}

TEST(after_an_exception_no_other_chunk_starts) {
    for (const std::size_t threads : {2u, 3u}) {
        const Threads use(threads);
        std::atomic<std::size_t> started = 0;
        const auto call = [&] {
            parallel_for(0, 1000, 1, [&](std::size_t, std::size_t) {
                ++started;
                throw std::runtime_error("first");
            });
        };
        check_throws(call, "first");
        // Each thread may have been in a chunk already.
        check(started <= threads);
    }
}

TEST(of_several_exceptions_one_is_rethrown) {
    const Threads use(7);
    check_throws(
        [] {
            parallel_for(0, 7, 1,
                         [](std::size_t, std::size_t) { throw std::runtime_error("every one"); });
        },
        "every one");
}

TEST(a_nested_parallel_for_runs_on_one_thread) {
    const Threads use(3);
    std::atomic<std::size_t> inner_calls = 0;
    std::atomic<bool> same_thread = true;
    parallel_for(0, 6, 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            const std::thread::id outer = std::this_thread::get_id();
            parallel_for(0, 1000, 1, [&](std::size_t inner_begin, std::size_t inner_end) {
                ++inner_calls;
                if (std::this_thread::get_id() != outer) same_thread = false;
                if (inner_end - inner_begin != 1000) same_thread = false;
            });
        }
    });
    check_equal(inner_calls.load(), std::size_t{6});
    check(same_thread);
}

TEST(several_threads_may_call_at_once) {
    const Threads use(3);
    std::atomic<int> wrong = 0;
    std::vector<std::thread> callers;
    for (int caller = 0; caller < 4; ++caller) {
        callers.emplace_back([&wrong] {
            for (int round = 0; round < 100; ++round) {
                std::vector<int> visits(50, 0);
                parallel_for(0, visits.size(), 1, [&](std::size_t begin, std::size_t end) {
                    for (std::size_t i = begin; i < end; ++i) ++visits[i];
                });
                if (visits != std::vector<int>(50, 1)) ++wrong;
            }
        });
    }
    for (std::thread& caller : callers) caller.join();
    check_equal(wrong.load(), 0);
}

TEST(the_thread_count_can_change_between_calls) {
    const Threads use(0);
    for (int round = 0; round < 20; ++round) {
        for (const std::size_t threads : thread_counts) {
            set_thread_count(threads);
            std::atomic<std::size_t> total = 0;
            parallel_for(0, 40, 1,
                         [&](std::size_t begin, std::size_t end) { total += end - begin; });
            check_equal(total.load(), std::size_t{40});
        }
    }
}

TEST(zero_threads_means_one_for_each_core) {
    set_thread_count(0);
    check_equal(thread_count(), usable_cores(std::thread::hardware_concurrency()));
}

TEST(an_excessive_thread_count_is_rejected) {
    check_throws([] { set_thread_count(static_cast<std::size_t>(-1)); }, "1024");
}

TEST(a_body_must_not_change_the_thread_count) {
    const Threads use(2);
    check_throws(
        [] { parallel_for(0, 2, 1, [](std::size_t, std::size_t) { set_thread_count(1); }); },
        "inside a body");
}

TEST(a_body_on_a_single_thread_counts_as_a_body_too) {
    const Threads use(4);
    std::size_t inner_chunks = 0;
    parallel_for(0, 1, 1, [&](std::size_t, std::size_t) {
        parallel_for(0, 1000, 1, [&](std::size_t, std::size_t) { ++inner_chunks; });
        check_throws([] { set_thread_count(2); }, "from inside a body");
    });
    check_equal(inner_chunks, 1u);
    const auto throwing = [](std::size_t, std::size_t) { throw std::runtime_error("out"); };
    check_throws([&] { parallel_for(0, 1, 1, throwing); }, "out");
    set_thread_count(4);  // allowed again outside of the body
}

}  // namespace
}  // namespace digits
