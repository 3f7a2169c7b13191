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
#include "util/system_info.h"

// A thread pool with work stealing. The calling thread publishes a job, divided into numbered
// chunks, and starts to work on it; workers that are awake join in. Each thread has a work queue of
// its own, a range of chunk numbers that is the same in every job: so a thread finds the rows that
// it wrote in the last job still in its cache. Fetched from another core's cache they would arrive
// at the speed of main memory, which costs 4 % of an epoch of 784-128-64-10. A thread that finishes
// its own chunks steals from the other queues. So the caller never waits for a worker to wake up,
// only for chunks that have been started: a sleeping or missing worker costs speed but never the
// result, and a machine with a single core needs no special case.
//
// Eight chunks and two threads, after thread 0 has taken two chunks and thread 1 one:
//
//     chunk        0   1   2   3 | 4   5   6   7
//     taken        x   x         | x
//     unclaimed    queue 0: 2    | queue 1: 3
//
// The next chunk of queue 1 is 8 - 3 = 5: the end of the queue minus what is unclaimed. So a single
// number says what is left, and a thread that lowers it by 1, in one atomic step, owns that chunk.
//
// The atomics here have the default memory order of C++, sequentially consistent: a thread that
// reads a value also sees everything that the writer of the value wrote before it. What is not
// atomic relies on that:
//     job_       is written before the counters of the queues, and read after a chunk was taken
//     results    of a chunk are written before it is counted as finished in unfinished_, and read
//                by the caller after that has become 0
//     error_     likewise; only one thread of a job writes it, the first to set failed_

namespace digits {
namespace {

// A training step calls parallel_for() every few microseconds, but the system takes about fifty to
// wake a blocked thread. So threads that wait spin for about one wake-up latency before they block.
constexpr std::chrono::nanoseconds wake_up_latency = std::chrono::microseconds(50);

// More chunks than threads, so that a thread that another program slows down runs fewer of them.
constexpr std::size_t chunks_per_thread = 4;

// Whether this thread is running a body: then a nested parallel_for() runs on this thread alone.
thread_local bool inside_body = false;

// Sets inside_body for its own lifetime, so that it is reset even if the body throws.
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
    static const std::size_t count = std::min<std::size_t>(
        max_threads, usable_cores(std::max(1u, std::thread::hardware_concurrency())));
    return count;
}

// The chunks of a job that belong to one thread. Each queue has a cache line of its own, because
// all threads write to them (false sharing).
struct alignas(64) WorkQueue {
    Counter unclaimed = 0;  // chunks at the end of the queue that no thread has taken yet
};

struct Job {
    std::size_t begin, end, length;  // chunk i is [begin + i * length, begin + (i + 1) * length)
    std::uint32_t chunks;
    detail::ChunkFunction run_body;
    void* body;
};

class Pool {
public:
    std::size_t thread_count() const { return thread_count_; }

    void set_thread_count(std::size_t count) {
        const std::lock_guard lock(mutex_);
        stop_workers();
        thread_count_ = count == 0 ? cores() : count;
    }

    // Returns false if another thread is using the pool: the caller then runs its job alone.
    bool run(const Job& job) {
        std::unique_lock lock(mutex_, std::try_to_lock);
        if (!lock) return false;
        start_workers();

        job_ = job;
        failed_ = false;
        unfinished_ = job.chunks;
        for (std::size_t t = 0; t < queues_.size(); ++t) {
            // From the first of these on, workers may take chunks and read the members set above.
            // That includes a worker that is still looking for chunks of the last job: all of
            // those were taken, so a chunk that it gets is one of this job.
            const std::size_t begin = t == 0 ? 0 : queue_end(t - 1);
            queues_[t].unclaimed = static_cast<std::uint32_t>(queue_end(t) - begin);
        }
        ++jobs_;
        job_published_.wake_all();
        work(0);
        while (const std::uint32_t unfinished = unfinished_) {
            job_done_.wait_while_equal(unfinished_, unfinished, spin_time_);
        }
        const std::exception_ptr error = std::exchange(error_, nullptr);
        lock.unlock();
        if (error) std::rethrow_exception(error);
        return true;
    }

private:
    // One past the last chunk of a thread's queue, which is the first chunk of the next queue.
    // Thread 0 is the caller.
    std::size_t queue_end(std::size_t thread) const {
        return ceil_div(job_.chunks * (thread + 1), queues_.size());
    }

    // Runs chunks until all are taken, those of this thread's own queue first. Between taking a
    // chunk and counting it as finished, job_ cannot change: the caller waits for the count.
    void work(std::size_t thread) {
        const InsideBody inside;
        for (std::size_t i = 0; i < queues_.size(); ++i) {
            const std::size_t owner = (thread + i) % queues_.size();
            Counter& unclaimed = queues_[owner].unclaimed;
            std::uint32_t left = unclaimed;
            while (left != 0) {
                // If another thread was faster, this stores the present value in `left`.
                if (!unclaimed.compare_exchange_weak(left, left - 1)) continue;
                run_chunk(queue_end(owner) - left);
                if (--unfinished_ == 0) job_done_.wake_all();
                left = unclaimed;
            }
        }
    }

    void run_chunk(std::size_t index) {
        if (failed_) return;
        const std::size_t begin = job_.begin + index * job_.length;
        const std::size_t end = begin + std::min(job_.length, job_.end - begin);
        try {
            job_.run_body(job_.body, begin, end);
        } catch (...) {
            if (!failed_.exchange(true)) error_ = std::current_exception();
        }
    }

    void start_workers() {
        if (queues_.size() == thread_count_) return;
        // With more threads than cores, a spinning thread would only keep others from working.
        spin_time_ = thread_count_ <= cores() ? wake_up_latency : std::chrono::nanoseconds(0);
        queues_ = std::vector<WorkQueue>(thread_count_);
        try {
            while (workers_.size() + 1 < thread_count_) {
                workers_.emplace_back(
                    [this, thread = workers_.size() + 1] { wait_and_work(thread); });
            }
        } catch (const std::system_error&) {
            // The system allows no more threads: the existing ones do all the work.
        }
    }

    // The main loop of a worker.
    void wait_and_work(std::size_t thread) {
        std::uint32_t seen = 0;
        while (true) {
            job_published_.wait_while_equal(jobs_, seen, spin_time_);
            // In this order: stop_workers() sets stopping_ and then changes jobs_. Were stopping_
            // read first, both could change in between, and the worker would wait for ever.
            seen = jobs_;
            if (stopping_) return;
            work(thread);
        }
    }

    void stop_workers() {
        stopping_ = true;
        ++jobs_;
        job_published_.wake_all();
        for (std::thread& worker : workers_) worker.join();
        workers_.clear();
        queues_.clear();
        stopping_ = false;
        jobs_ = 0;
    }

    std::mutex mutex_;  // held by the thread whose job is running
    std::vector<std::thread> workers_;
    std::atomic<std::size_t> thread_count_ = cores();
    std::chrono::nanoseconds spin_time_ = wake_up_latency;

    Job job_{};
    std::atomic<bool> failed_ = false;
    std::exception_ptr error_;
    std::vector<WorkQueue> queues_;  // one per thread, whether or not the thread could be started
    std::atomic<bool> stopping_ = false;
    alignas(64) Counter jobs_ = 0;          // jobs published so far
    alignas(64) Counter unfinished_ = 0;    // chunks of this job that are not done
    alignas(64) EventCount job_published_;  // the workers wait for it
    alignas(64) EventCount job_done_;       // the caller waits for it
};

Pool& pool() {
    // Never deleted: the program may exit while a thread uses it, even from inside a body.
    static Pool* const the_pool = new Pool;
    return *the_pool;
}

}  // namespace

void set_thread_count(std::size_t count) {
    require(count <= max_threads, "parallel: ", count, " threads requested, but the maximum is ",
            max_threads);
    require(!inside_body, "parallel: set_thread_count() was called from inside a body");
    pool().set_thread_count(count);
}

std::size_t thread_count() {
    return pool().thread_count();
}

void detail::run_chunks(std::size_t begin, std::size_t end, std::size_t grain,
                        ChunkFunction run_body, void* body) {
    if (begin >= end) return;
    const std::size_t size = end - begin;
    const std::size_t max_chunks = chunks_per_thread * thread_count();
    const std::size_t whole_grains = size / std::max<std::size_t>(grain, 1);
    const std::size_t length = ceil_div(size, std::clamp<std::size_t>(whole_grains, 1, max_chunks));
    const std::size_t chunks = ceil_div(size, length);
    const Job job = {begin, end, length, static_cast<std::uint32_t>(chunks), run_body, body};
    const bool alone = chunks == 1 || thread_count() == 1 || inside_body;
    if (!alone && pool().run(job)) return;
    const InsideBody inside;
    run_body(body, begin, end);
}

}  // namespace digits
