// parallel_for() and its thread pool, which is started on first use and blocks while it is idle.
#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>

namespace digits {

// How many threads parallel_for() may use, including the calling one. The initial value is the
// number of cores that this process may use, see usable_cores(); set_thread_count(0) restores it.
// Must not be called from inside a body.
inline constexpr std::size_t max_threads = 1024;
void set_thread_count(std::size_t count);
std::size_t thread_count();

namespace detail {
// The pool is compiled once and knows nothing of the type of a body. So parallel_for() hands it an
// untyped pointer to the body, and a function that knows the type and calls it.
using ChunkFunction = void (*)(void* body, std::size_t begin, std::size_t end);
void run_chunks(std::size_t begin, std::size_t end, std::size_t grain, ChunkFunction run_body,
                void* body);
}  // namespace detail

// Calls body(chunk_begin, chunk_end) for disjoint chunks that together make up [begin, end), on
// several threads at once, and returns when all are done. No chunk but the last is shorter than
// `grain`, so a range of less than two grains runs on the calling thread: choose `grain` so that a
// chunk takes at least a few microseconds. Which thread runs which chunk is unspecified, but as far
// as possible it is the same for ranges that are divided in the same way. If the chunks of a body
// write to different places, the result is the same for every thread count. The first exception
// that a body throws is rethrown here once all threads have stopped. A nested parallel_for(),
// called from inside a body, runs on the calling thread alone.
template <class Body>
void parallel_for(std::size_t begin, std::size_t end, std::size_t grain, Body&& body) {
    using Plain = std::remove_reference_t<Body>;
    detail::run_chunks(
        begin, end, grain,
        [](void* erased, std::size_t chunk_begin, std::size_t chunk_end) {
            (*static_cast<Plain*>(erased))(chunk_begin, chunk_end);
        },
        const_cast<void*>(static_cast<const void*>(std::addressof(body))));
}

}  // namespace digits
