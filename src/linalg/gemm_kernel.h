// The GEMM micro-kernel, the innermost loop: one tile of C, whose sums stay in registers from the
// first k to the last. Also the search for steps in k that can be skipped because A is zero there.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include "linalg/gemm_simd.h"
#include "util/prefetch.h"

namespace digits::detail {

// A tile is MR rows high and NR columns wide. Its sums take three quarters of the registers: 6 x 4
// of 32, or 6 x 2 of 16. The others hold NR numbers of B and one of A. Both the many sums and the
// flat tile are needed to keep two FMA units busy: an addition has a latency of four cycles, so
// eight must be in flight at any time; and each step in k loads 6 numbers of A and 4 vectors of B
// for 24 multiplications, where a machine can do two loads per two multiplications.
constexpr std::size_t MR = 6;
constexpr std::size_t vectors_in_NR = registers / 8;
constexpr std::size_t NR = vectors_in_NR * lanes;

// Tiles of at most half the width may have twice the height, for the same number of sums.
constexpr std::size_t max_tile_rows = 2 * MR;

// There is no tile of a single vector, one row by one vector. When GCC compiles for some
// processors, it avoids chains of dependent fused multiply-adds, and that tile is such a chain: it
// would round the product and the sum separately, and all other tiles would not. The bits of an
// element of C would then depend on the tile that it lies in.
constexpr std::size_t min_vectors(std::size_t rows) {
    return rows == 1 ? 2 : 1;
}

// A view of a matrix or a part of one in memory, as stored or transposed.
template <class Number>
struct View {
    Number* data;
    std::size_t stride;  // from one stored row to the next
    bool is_transposed;

    // The part from this row and this column on, both included.
    View from(std::size_t row, std::size_t column) const {
        const std::size_t stored_row = is_transposed ? column : row;
        const std::size_t stored_column = is_transposed ? row : column;
        return {data + stored_row * stride + stored_column, stride, is_transposed};
    }
};

// c (rows, columns) = a (rows, depth) * b (depth, columns), or += if `add` is set.
struct Tile {
    std::size_t depth;
    const std::uint32_t* steps;  // if not null, the `depth` values of k to visit
    View<const float> a, b;
    View<float> c;
    bool add;
};

// Computes one tile. Reads and writes whole vectors, so columns up to the next multiple of `lanes`.
// Neither b nor c may be transposed.
//
// The loops over rows and vectors must be unrolled completely: only then are the sums kept in
// registers. Without the pragmas, GCC writes them all to memory before and after the loop over k.
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
    // The address of row r is a pointer plus r * a_stride. These offsets are kept in registers, of
    // which there are only sixteen for addresses. Twelve rows would need eleven offsets. So there
    // is a pointer to row 0 and one to row 6, and both halves use the same five: row 8 is row 2
    // after `a_lower`, hence r % MR below.
    const float* a_lower = rows > MR ? a + MR * a_stride : a;
#pragma GCC unroll 4
    for (std::size_t k = 0; k < depth; ++k) {
        // The sums will be written to C, which is often not in the cache: its rows are prefetched
        // meanwhile, one per step, because all at once would delay the loads of B.
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
            // A product that underflows may leave -0, and adding a zero term would turn it into +0.
            // Add zero once, so that skipping the zero terms makes no difference.
            sum[r][v] += Vector{};
            store(c_row + v * lanes, sum[r][v]);
        }
        c_row += c_stride;
    }
}

// The table of kernels. A template needs its sizes when it is compiled, but which tile comes next
// is known only at run time. So every size is compiled, and an array holds pointers to the
// functions: the tile of `rows` x `vectors` stands at (rows - 1) * vectors_in_NR + vectors - 1, as
// in a matrix.
using Kernel = void (*)(const Tile&);

// The kernel for one place of the table. Null for a tile size that does not occur: too many sums,
// too few vectors, or a strip with so many rows that they have hardly any zeros in common.
template <std::size_t rows, std::size_t vectors, bool a_is_transposed, bool skips>
constexpr Kernel kernel_for() {
    if constexpr (rows * vectors <= MR * vectors_in_NR && vectors >= min_vectors(rows) &&
                  (!skips || rows <= MR)) {
        return kernel<rows, vectors, a_is_transposed, skips>;
    } else {
        return nullptr;
    }
}

// `sizes` are 0, 1, 2, ..., the places in the table.
template <bool a_is_transposed, bool skips, std::size_t... sizes>
constexpr auto make_kernels(std::index_sequence<sizes...>) {
    return std::array<Kernel, sizeof...(sizes)>{
        kernel_for<sizes / vectors_in_NR + 1, sizes % vectors_in_NR + 1, a_is_transposed,
                   skips>()...};
}

// Calls the kernel for this tile size. There is one for every size, so that no work is wasted at
// the edges of C.
inline void run_kernel(std::size_t rows, std::size_t vectors, const Tile& tile) {
    constexpr std::make_index_sequence<max_tile_rows * vectors_in_NR> sizes;
    static constexpr std::array all_steps{make_kernels<false, false>(sizes),
                                          make_kernels<true, false>(sizes)};
    static constexpr std::array some_steps{make_kernels<false, true>(sizes),
                                           make_kernels<true, true>(sizes)};
    const std::size_t size = (rows - 1) * vectors_in_NR + vectors - 1;
    (tile.steps ? some_steps : all_steps)[tile.a.is_transposed][size](tile);
}

// Sparsity: steps in k for which a whole strip of A is zero are skipped. Most pixels of a digit are
// background.
//
// Four of five numbers in a batch of MNIST are zero, but scattered: no tile of the product is all
// zero. Within a strip of six rows, though, more than half of the steps in k multiply B by six
// zeros: six images have the margin and the corners in common, and six adjacent pixels are mostly
// background in the same images. The kernel gets a list of the remaining steps and visits only
// those. Adding zero times a finite number changes nothing, so the result has the same bits as with
// all steps; only an infinity or a NaN in B may be skipped together with its zeros.

// Whether looking for zeros in a (M, K) pays off, estimated from a sample of 64 numbers. Looking
// costs a tenth of the product; after ReLU, when half of the numbers are zero, it would not pay
// off.
inline bool is_mostly_zero(View<const float> a, std::size_t M, std::size_t K) {
    constexpr std::uint64_t samples = 64, max_nonzero = 19;
    std::uint64_t nonzero = 0;
    for (std::uint64_t i = 0; i < samples && nonzero <= max_nonzero; ++i) {
        // 64 places, evenly over the whole matrix. Every 1000th number, say, could fall into the
        // same column each time: a margin. So both coordinates advance by a fraction of the side,
        // wrapping around, 0.755 down and 0.570 across (here times 2^32). These are 1/p and 1/p^2,
        // with p^3 = p + 1, which fill a square evenly: Roberts, "The Unreasonable Effectiveness of
        // Quasirandom Sequences", 2018.
        const std::uint64_t down = i * 0xc13fa9a9 & 0xffffffff;
        const std::uint64_t across = i * 0x91e10da6 & 0xffffffff;
        nonzero += *a.from(down * M >> 32, across * K >> 32).data != 0.0f;
    }
    return nonzero <= max_nonzero;
}

// The bits of two floats as one integer: zero if both are +0.
inline std::uint64_t bits_of_pair(const float* pair) {
    std::uint64_t bits;
    std::memcpy(&bits, pair, sizeof bits);
    return bits;
}

// Lists the k below `depth` (at most KC) for which a strip of a has a nonzero number. Returns how
// many there are.
template <std::size_t KC>
std::size_t list_steps(View<const float> a, std::size_t rows, std::size_t depth,
                       std::uint32_t (&steps)[KC]) {
    std::uint32_t is_needed[KC];
    if (a.is_transposed) {
        for (std::size_t k = 0; k < depth; ++k) {
            const float* const numbers = a.data + k * a.stride;
            std::uint64_t bits = 0;
            if (rows == MR) {  // the usual case, unrolled by hand
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
        // Every k is written, and the next one overwrites it unless it is needed. An `if` would be
        // a jump that depends on the pixels: the processor guesses where jumps go, and each wrong
        // guess costs some fifteen cycles.
        count += is_needed[k];
    }
    return count;
}

}  // namespace digits::detail
