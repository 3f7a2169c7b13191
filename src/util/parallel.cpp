#include "util/parallel.h"

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

#include "util/event_count.h"
#include "util/require.h"
#include "util/sizes.h"

// The calling thread writes down a job, cut into numbered pieces, and starts to work on it. Workers
// that are awake join in. Each thread has a share of the numbers that is its own and the same in
// every job: so it meets the rows that it wrote a moment ago, and they are still in its cache. From
// another core's cache they would come at the speed of main memory, which takes 4 % of an epoch of
// 784-128-64-10. Who is done with his own share takes from the others'. So the caller never waits
// for a worker to wake up, only for pieces that somebody has begun: a sleepy or missing worker
// costs speed but never the result, and a machine with a single core needs no special case.

namespace digits {
namespace {

// A training step calls parallel_for() every few microseconds, but the system takes about fifty to
// wake a sleeping thread. So who waits first keeps looking, for as long as the waking would take.
constexpr std::chrono::nanoseconds patience = std::chrono::microseconds(50);

// More pieces than threads, so that a thread which another program slows down gets fewer of them.
constexpr std::size_t pieces_per_thread = 4;

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

// The pieces of a job that belong to one thread. Each on a cache line of its own, because all
// threads write them.
struct alignas(64) Share {
    Counter unclaimed = 0;  // how many, at the end of the share, no thread has taken
};

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
        start_workers();

        job_ = job;
        failed_ = false;
        unfinished_ = job.pieces;
        for (std::size_t t = 0; t < shares_.size(); ++t) {
            // From the first of these on workers may read the lines above.
            const std::size_t begin = t == 0 ? 0 : end_of_share(t - 1);
            shares_[t].unclaimed = static_cast<std::uint32_t>(end_of_share(t) - begin);
        }
        ++jobs_;
        idle_.wake_all();
        work(0);
        while (const std::uint32_t unfinished = unfinished_) {
            caller_.wait_while_equal(unfinished_, unfinished, awake_);
        }
        const std::exception_ptr error = std::exchange(error_, nullptr);
        lock.unlock();
        if (error) std::rethrow_exception(error);
        return true;
    }

private:
    // The number behind the last piece of a thread's share; the next share begins with it. Thread 0
    // is the caller.
    std::size_t end_of_share(std::size_t thread) const {
        return ceil_div(job_.pieces * (thread + 1), shares_.size());
    }

    // Runs pieces until all are taken, first those of this thread's share.
    void work(std::size_t thread) {
        const InsideBody inside;
        for (std::size_t i = 0; i < shares_.size(); ++i) {
            const std::size_t owner = (thread + i) % shares_.size();
            Counter& unclaimed = shares_[owner].unclaimed;
            std::uint32_t left = unclaimed;
            while (left != 0) {
                if (!unclaimed.compare_exchange_weak(left, left - 1)) continue;
                run_piece(end_of_share(owner) - left);
                if (--unfinished_ == 0) caller_.wake_all();
                left = unclaimed;
            }
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

    void start_workers() {
        if (shares_.size() == thread_count_) return;
        // With more threads than cores, looking would only keep others from working.
        awake_ = thread_count_ <= cores() ? patience : std::chrono::nanoseconds(0);
        shares_ = std::vector<Share>(thread_count_);
        try {
            while (workers_.size() + 1 < thread_count_) {
                workers_.emplace_back(
                    [this, thread = workers_.size() + 1] { wait_and_work(thread); });
            }
        } catch (const std::system_error&) {
            // The system allows no more threads: those there are do all the work.
        }
    }

    // What a worker does from its first moment to its last.
    void wait_and_work(std::size_t thread) {
        std::uint32_t seen = 0;
        while (true) {
            idle_.wait_while_equal(jobs_, seen, awake_);
            if (closing_) return;
            seen = jobs_;
            work(thread);
        }
    }

    void close() {
        closing_ = true;
        ++jobs_;
        idle_.wake_all();
        for (std::thread& worker : workers_) worker.join();
        workers_.clear();
        shares_.clear();
        closing_ = false;
        jobs_ = 0;
    }

    std::mutex in_use_;  // held by the thread whose job this is
    std::vector<std::thread> workers_;
    std::atomic<std::size_t> thread_count_ = cores();
    std::chrono::nanoseconds awake_ = patience;

    Job job_{};
    std::atomic<bool> failed_ = false;
    std::exception_ptr error_;
    std::vector<Share> shares_;  // one for each thread, whether or not it could be started
    std::atomic<bool> closing_ = false;
    alignas(64) Counter jobs_ = 0;        // so many have been published
    alignas(64) Counter unfinished_ = 0;  // pieces of this one that are not done
    alignas(64) EventCount idle_;         // the workers, for the next job
    alignas(64) EventCount caller_;       // for the last piece of this one
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

void detail::run_chunks(std::size_t begin, std::size_t end, std::size_t grain, Piece piece,
                        void* body) {
    if (begin >= end) return;
    const std::size_t size = end - begin;
    const std::size_t most_pieces = pieces_per_thread * thread_count();
    const std::size_t whole_grains = size / std::max<std::size_t>(grain, 1);
    const std::size_t length =
        ceil_div(size, std::clamp<std::size_t>(whole_grains, 1, most_pieces));
    const std::size_t pieces = ceil_div(size, length);
    const Job job = {begin, end, length, static_cast<std::uint32_t>(pieces), piece, body};
    const bool alone = pieces == 1 || thread_count() == 1 || inside_body;
    if (!alone && pool().run(job)) return;
    const InsideBody inside;
    piece(body, begin, end);
}

}  // namespace digits
