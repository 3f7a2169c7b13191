// The innermost loop of the product: one tile of C, whose sums stay in registers from the first k
// to the last.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include "linalg/gemm_vector.h"
#include "util/prefetch.h"

namespace digits::detail {

// A tile is MR rows high and NR columns wide. Its sums take three quarters of the registers: 6 x 4
// of 32, or 6 x 2 of 16. The rest hold NR numbers of B and one of A. Both the many sums and the
// flat tile are needed to keep two multipliers busy: an addition takes four cycles, so eight must
// be under way at any time; and each step in k loads 6 numbers of A and 4 vectors of B for 24
// multiplications, where a machine can load two for two.
constexpr std::size_t MR = 6;
constexpr std::size_t vectors_in_NR = registers / 8;
constexpr std::size_t NR = vectors_in_NR * lanes;

// Tiles of half the width or less may be twice as high, for the same number of sums.
constexpr std::size_t most_rows = 2 * MR;

// A tile of a single vector does not exist. For some processors, GCC would not fuse the product and
// the addition in it, as it does in all other tiles: the bits of a sum would depend on the tile.
constexpr std::size_t least_vectors(std::size_t rows) {
    return rows == 1 ? 2 : 1;
}

// Where a matrix or a piece of one lies in memory, as stored or transposed.
template <class Number>
struct View {
    Number* data;
    std::size_t stride;  // from one stored row to the next
    bool is_transposed;

    // What lies below this row and to the right of this column, both included.
    View from(std::size_t row, std::size_t column) const {
        const std::size_t stored_row = is_transposed ? column : row;
        const std::size_t stored_column = is_transposed ? row : column;
        return {data + stored_row * stride + stored_column, stride, is_transposed};
    }
};

// c (rows, columns) = a (rows, depth) * b (depth, columns), or += if `add` is set.
struct Tile {
    std::size_t depth;
    const std::uint32_t* steps;  // if not null, `depth` values of k to visit instead of all
    View<const float> a, b;
    View<float> c;
    bool add;
};

// Reads and writes whole vectors, so columns up to the next multiple of `lanes`. Neither b nor c
// may be transposed.
//
// The loops over rows and vectors must vanish: only then do the sums live in registers. GCC needs
// to be told so, or it writes them all to memory before and after the loop over k.
template <std::size_t rows, std::size_t vectors, bool a_is_transposed, bool skips>
void kernel(const Tile& tile) {
    const float* a = tile.a.data;
    const float* b = tile.b.data;
    float* const c = tile.c.data;
    const std::size_t a_stride = tile.a.stride, b_stride = tile.b.stride, c_stride = tile.c.stride;
    const std::size_t a_step = a_is_transposed ? a_stride : 1;
    const std::size_t depth = tile.depth;
    Vector sum[rows][vectors];
    float* c_row = c;
#pragma GCC unroll 16
    for (std::size_t r = 0; r < rows; ++r) {
#pragma GCC unroll 16
        for (std::size_t v = 0; v < vectors; ++v) {
            sum[r][v] = tile.add ? load(c_row + v * lanes) : Vector{};
        }
        c_row += c_stride;
    }
    // Two pointers into a and the distances to the next five rows fit the registers; one pointer
    // and the distances to eleven rows would not.
    const float* a_lower = rows > MR ? a + MR * a_stride : a;
#pragma GCC unroll 4
    for (std::size_t k = 0; k < depth; ++k) {
        // The sums will be written to C, which is often not in the cache: its rows are fetched
        // meanwhile, one in a step, because all at once would hold up the numbers of B.
        if (k < rows) {
            for (std::size_t v = 0; v < vectors; ++v) {
                prefetch_to_write(c + k * c_stride + v * lanes);
            }
        }
        if constexpr (skips) {
            a = tile.a.data + tile.steps[k] * a_step;
            a_lower = rows > MR ? a + MR * a_stride : a;
            b = tile.b.data + tile.steps[k] * b_stride;
        }
        Vector b_row[vectors];
#pragma GCC unroll 16
        for (std::size_t v = 0; v < vectors; ++v) b_row[v] = load(b + v * lanes);
#pragma GCC unroll 16
        for (std::size_t r = 0; r < rows; ++r) {
            const float* const half = r < MR ? a : a_lower;
            const float factor = a_is_transposed ? a[r] : half[r % MR * a_stride];
#pragma GCC unroll 16
            for (std::size_t v = 0; v < vectors; ++v) add_product(sum[r][v], factor, b_row[v]);
        }
        a += a_step;
        a_lower += a_step;
        b += b_stride;
    }
    c_row = c;
#pragma GCC unroll 16
    for (std::size_t r = 0; r < rows; ++r) {
#pragma GCC unroll 16
        for (std::size_t v = 0; v < vectors; ++v) {
            // A product that is too small for a float may leave a negative zero, which a term of
            // zero makes positive, unless it is left out. So that this makes no difference:
            sum[r][v] += Vector{};
            store(c_row + v * lanes, sum[r][v]);
        }
        c_row += c_stride;
    }
}

using Kernel = void (*)(const Tile&);

// Null for a tile that does not occur: too many sums, too few vectors, or too high a strip to have
// zeros in common.
template <std::size_t rows, std::size_t vectors, bool a_is_transposed, bool skips>
constexpr Kernel kernel_for() {
    if constexpr (rows * vectors <= MR * vectors_in_NR && vectors >= least_vectors(rows) &&
                  (!skips || rows <= MR)) {
        return kernel<rows, vectors, a_is_transposed, skips>;
    } else {
        return nullptr;
    }
}

template <bool a_is_transposed, bool skips, std::size_t... sizes>
constexpr auto make_kernels(std::index_sequence<sizes...>) {
    return std::array<Kernel, sizeof...(sizes)>{
        kernel_for<sizes / vectors_in_NR + 1, sizes % vectors_in_NR + 1, a_is_transposed,
                   skips>()...};
}

// A kernel for every size of tile, so that the edges of C cost no more than they must.
inline void run_kernel(std::size_t rows, std::size_t vectors, const Tile& tile) {
    constexpr std::make_index_sequence<most_rows * vectors_in_NR> sizes;
    static constexpr std::array all_steps{make_kernels<false, false>(sizes),
                                          make_kernels<true, false>(sizes)};
    static constexpr std::array some_steps{make_kernels<false, true>(sizes),
                                           make_kernels<true, true>(sizes)};
    const std::size_t size = (rows - 1) * vectors_in_NR + vectors - 1;
    (tile.steps ? some_steps : all_steps)[tile.a.is_transposed][size](tile);
}

// Leaving out what is multiplied by zero: most pixels of a digit are paper.
//
// Four of five numbers in a batch of MNIST are zero, but scattered: no tile of the product is all
// zero. Within a strip of six rows, though, more than half of the steps in k multiply B by six
// zeros: six images have the margin and the corners in common, and six pixels beside each other
// are mostly paper in the same images. The kernel is told which steps remain and visits only
// those. Adding zero times a finite number changes nothing, so the result has the same bits as with
// all of them; only an infinity or a not-a-number in B may be left out with its zeros.

// Whether it is worth looking for zeros in a (M, K), judged by 64 of its numbers. Looking costs a
// tenth of the product; what ReLU leaves, with every second number zero, would not repay it.
inline bool is_mostly_zero(View<const float> a, std::size_t M, std::size_t K) {
    constexpr std::uint64_t samples = 64, few = 19;
    std::uint64_t others = 0;
    for (std::uint64_t i = 0; i < samples && others <= few; ++i) {
        // Multiples of 1/p and 1/p^2 modulo 1, with p^3 = p + 1, fill a square evenly: Roberts,
        // "The Unreasonable Effectiveness of Quasirandom Sequences", 2018.
        const std::uint64_t down = i * 0xc13fa9a9 & 0xffffffff;
        const std::uint64_t across = i * 0x91e10da6 & 0xffffffff;
        others += *a.from(down * M >> 32, across * K >> 32).data != 0.0f;
    }
    return others <= few;
}

// The bits of two floats at once: zero when both are +0.
inline std::uint64_t bits_of_pair(const float* pair) {
    std::uint64_t bits;
    std::memcpy(&bits, pair, sizeof bits);
    return bits;
}

// Lists the k below `depth`, which is at most KC, for which a strip of a has a number that is not
// zero. Returns how many there are.
template <std::size_t KC>
std::size_t list_steps(View<const float> a, std::size_t rows, std::size_t depth,
                       std::uint32_t (&steps)[KC]) {
    std::uint32_t is_needed[KC];
    if (a.is_transposed) {
        for (std::size_t k = 0; k < depth; ++k) {
            const float* const numbers = a.data + k * a.stride;
            std::uint64_t bits = 0;
            if (rows == MR) {  // nearly always: worth being spelled out
                bits =
                    bits_of_pair(numbers) | bits_of_pair(numbers + 2) | bits_of_pair(numbers + 4);
            } else {
                for (std::size_t r = 0; r < rows; ++r) bits |= numbers[r] != 0.0f;
            }
            is_needed[k] = bits != 0;
        }
    } else {
        for (std::size_t k = 0; k < depth; ++k) is_needed[k] = 0;
        for (std::size_t r = 0; r < rows; ++r) {
            const float* const numbers = a.data + r * a.stride;
            for (std::size_t k = 0; k < depth; ++k) is_needed[k] |= numbers[k] != 0.0f;
        }
    }
    std::size_t count = 0;
    for (std::size_t k = 0; k < depth; ++k) {
        steps[count] = static_cast<std::uint32_t>(k);
        count += is_needed[k];  // without a branch, which nobody could predict
    }
    return count;
}

}  // namespace digits::detail
