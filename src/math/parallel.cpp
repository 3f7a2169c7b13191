#include "math/parallel.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "math/divide.h"
#include "math/require.h"

// The calling thread writes down a job, cut into numbered pieces, and starts to work on it. Workers
// that are awake join in: each takes the next number until none is left. The caller never waits for
// a worker to wake up, only for pieces that somebody has begun. So a sleepy or missing worker costs
// speed but never the result, and a machine with a single core needs no special case.

namespace digits {
namespace {

using Clock = std::chrono::steady_clock;
using Counter = std::atomic<std::uint32_t>;

// A training step calls parallel_for() every few microseconds, but the system takes about fifty to
// wake a sleeping thread. So who waits first keeps looking, for as long as the waking would take.
constexpr auto patience = std::chrono::microseconds(50);

// More pieces than threads, so that a thread which another program slows down gets fewer of them.
constexpr std::size_t pieces_per_thread = 4;

// In `unclaimed`: the workers shall end.
constexpr std::uint32_t closing = UINT32_MAX;

// Whether this thread is running a body: then an inner parallel_for() runs alone.
thread_local bool inside_body = false;

// Sets the above for as long as it lives, also when a body throws.
class InsideBody {
public:
    InsideBody() : before_(std::exchange(inside_body, true)) {}
    ~InsideBody() { inside_body = before_; }
    InsideBody(const InsideBody&) = delete;
    InsideBody& operator=(const InsideBody&) = delete;

private:
    bool before_;
};

std::size_t cores() {
    static const std::size_t count = std::max(1u, std::thread::hardware_concurrency());
    return count;
}

// Returns when the counter no longer holds `value`.
void wait_while_equal(const Counter& counter, std::uint32_t value, Clock::duration awake) {
    const Clock::time_point bedtime = Clock::now() + awake;
    while (counter == value) {
        if (Clock::now() >= bedtime) counter.wait(value);
    }
}

struct Job {
    std::size_t begin, end, length;  // piece i is [begin + i * length, begin + (i + 1) * length)
    std::uint32_t pieces;
    detail::Piece piece;
    void* body;
};

class Pool {
public:
    std::size_t thread_count() const { return thread_count_; }

    void set_thread_count(std::size_t count) {
        const std::lock_guard lock(in_use_);
        close();
        thread_count_ = count == 0 ? cores() : count;
    }

    // False if another thread is using the pool: the caller then does its job alone.
    bool run(const Job& job) {
        std::unique_lock lock(in_use_, std::try_to_lock);
        if (!lock) return false;
        start_workers(std::min<std::size_t>(thread_count_, job.pieces) - 1);

        job_ = job;
        failed_ = false;
        unfinished_ = job.pieces;
        unclaimed_ = job.pieces;  // from here on workers may read the lines above
        unclaimed_.notify_all();
        work();
        while (const std::uint32_t unfinished = unfinished_) {
            wait_while_equal(unfinished_, unfinished, awake_);
        }
        const std::exception_ptr error = std::exchange(error_, nullptr);
        lock.unlock();
        if (error) std::rethrow_exception(error);
        return true;
    }

private:
    // Runs pieces until all are taken.
    void work() {
        const InsideBody inside;
        std::uint32_t left = unclaimed_;
        while (left != 0 && left != closing) {
            if (!unclaimed_.compare_exchange_weak(left, left - 1)) continue;
            run_piece(job_.pieces - left);
            if (--unfinished_ == 0) unfinished_.notify_one();
            left = unclaimed_;
        }
    }

    void run_piece(std::size_t number) {
        if (failed_) return;
        const std::size_t begin = job_.begin + number * job_.length;
        const std::size_t end = begin + std::min(job_.length, job_.end - begin);
        try {
            job_.piece(job_.body, begin, end);
        } catch (...) {
            if (!failed_.exchange(true)) error_ = std::current_exception();
        }
    }

    void start_workers(std::size_t count) {
        // With more threads than cores, looking would only keep others from working.
        awake_ = thread_count_ <= cores() ? patience : Clock::duration::zero();
        try {
            while (workers_.size() < count) {
                workers_.emplace_back([this, awake = awake_] {
                    while (unclaimed_ != closing) {
                        work();
                        wait_while_equal(unclaimed_, 0, awake);
                    }
                });
            }
        } catch (const std::system_error&) {
            // The system allows no more threads: those there are do all the work.
        }
    }

    void close() {
        unclaimed_ = closing;
        unclaimed_.notify_all();
        for (std::thread& worker : workers_) worker.join();
        workers_.clear();
        unclaimed_ = 0;
    }

    std::mutex in_use_;  // held by the thread whose job this is
    std::vector<std::thread> workers_;
    std::atomic<std::size_t> thread_count_ = cores();
    Clock::duration awake_ = patience;

    Job job_{};
    std::atomic<bool> failed_ = false;
    std::exception_ptr error_;
    // Each on a cache line of its own, because all threads write them.
    alignas(64) Counter unclaimed_ = 0;   // pieces that no thread has taken
    alignas(64) Counter unfinished_ = 0;  // pieces that are not done
};

Pool& pool() {
    // Never deleted: the program may end while a thread uses it, even from within a body.
    static Pool* const the_pool = new Pool;
    return *the_pool;
}

}  // namespace

void set_thread_count(std::size_t count) {
    require(count <= most_threads, "parallel: ", count, " threads asked for, but at most ",
            most_threads, " are possible");
    require(!inside_body, "parallel: set_thread_count() was called from inside a body");
    pool().set_thread_count(count);
}

std::size_t thread_count() {
    return pool().thread_count();
}

void detail::run_in_pieces(std::size_t begin, std::size_t end, std::size_t grain, Piece piece,
                           void* body) {
    if (begin >= end) return;
    const std::size_t size = end - begin;
    const std::size_t most_pieces = pieces_per_thread * thread_count();
    const std::size_t length = std::max(grain, divide_rounding_up(size, most_pieces));
    const std::size_t pieces = divide_rounding_up(size, length);
    const Job job = {begin, end, length, static_cast<std::uint32_t>(pieces), piece, body};
    const bool alone = pieces == 1 || thread_count() == 1 || inside_body;
    if (!alone && pool().run(job)) return;
    const InsideBody inside;
    piece(body, begin, end);
}

}  // namespace digits
