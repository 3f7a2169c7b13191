// Every thread of the book: one pool, started when first needed, asleep when there is no work.
#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>

namespace digits {

// How many threads parallel_for() may use, the calling one included. At the start it is the number
// of the machine's cores. set_thread_count(0) asks for that again. Not to be called from inside a
// body.
inline constexpr std::size_t most_threads = 1024;
void set_thread_count(std::size_t count);
std::size_t thread_count();

namespace detail {
using Piece = void (*)(void* body, std::size_t begin, std::size_t end);
void run_chunks(std::size_t begin, std::size_t end, std::size_t grain, Piece piece, void* body);
}  // namespace detail

// Calls body(piece_begin, piece_end) for disjoint pieces that together are [begin, end), on several
// threads at once, and returns when all are done. No piece but the last is shorter than `grain`, so
// a range of less than two grains runs on the calling thread: choose it so that a piece takes at
// least a few microseconds. Which thread gets which piece is left open, but as far as possible it
// is the same for ranges cut alike. A body whose pieces write different places gives the same
// result for every thread count. The first exception that a body throws is rethrown here once all
// threads have stopped. Inside a body, parallel_for() runs alone.
template <class Body>
void parallel_for(std::size_t begin, std::size_t end, std::size_t grain, Body&& body) {
    using Plain = std::remove_reference_t<Body>;
    detail::run_chunks(
        begin, end, grain,
        [](void* erased, std::size_t piece_begin, std::size_t piece_end) {
            (*static_cast<Plain*>(erased))(piece_begin, piece_end);
        },
        const_cast<void*>(static_cast<const void*>(std::addressof(body))));
}

}  // namespace digits
