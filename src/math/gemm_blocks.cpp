#include "math/gemm_blocks.h"

#include <algorithm>
#include <cstdint>

#include "math/gemm_pack.h"
#include "math/gemm_sparse.h"
#include "math/matrix.h"

// How a product is cut up, from the outside to the inside. The idea is that of Goto and van de
// Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008: every number that is fetched
// from a slow memory is used many times while it is in a fast one.
//
//     parts   of C, one for each thread, which computes it as if it were alone
//     KC      steps of the sums
//     NC      columns of B and C: a block of B, KC x NC, stays in the second-level cache
//     MR      rows of A and C: a strip of A, MR x KC, stays in the first-level cache
//     NR      columns again: a panel of B, KC x NR, comes in from the second-level cache
//     k       a tile of C, MR x NR, stays in the registers: gemm_kernel.h
//
// Wherever the cuts are, every element of C is summed from the first k to the last, each term added
// to the sum of those before it. So the cuts, and with them the number of threads, change the speed
// but not one bit of the result.
//
// The percentages below are parts of the speed at which one core of a Xeon "Sapphire Rapids" with
// AVX-512 multiplies and adds in registers.

namespace digits::detail {
namespace {

// C is read and written once in KC steps, so longer sums are better: 1024^3 runs at 86, 91, 95 and
// 97 % with 128, 256, 512 and 1024. But a strip of A, here 12 KB, must leave room in a first-level
// cache of 32 KB, and with 1024 steps 128 x 512 x 784 drops from 94 to 80 %.
constexpr std::size_t KC = 512;

// The block of B has 512 KB with AVX-512, whose machines have a second-level cache of 1 MB or more,
// and 128 KB with narrower vectors. A strip of A is used for four panels before the next is read:
// 95 % for 1024^3, against 89 % with one panel and 72 % with sixteen.
constexpr std::size_t NC = 4 * NR;

// A factor is read where it lies if possible: packing takes time, too. B must be turned if it is
// transposed. Copying it pays if many rows of A use it, because whole cache lines one after the
// other come in faster than pieces of rows: 95 instead of 60 % for 1024 rows, but 89 instead of
// 97 % for the 128 of a batch.
constexpr std::size_t rows_worth_packing_b = 512;

// A transposed A is turned only if its strips are deep and its rows lie multiples of 2 KB apart.
// Each step in k reads another row, and those compete for the same few places in the caches: 92
// instead of 64 % for 1024^3.
constexpr std::size_t depth_worth_packing_a = 129, bad_stride = 512;

// The length of the pieces if `size` is cut as evenly as possible into pieces of `most` or less.
constexpr std::size_t even_length(std::size_t size, std::size_t most) {
    return divide_rounding_up(size, divide_rounding_up(size, most));
}

// for (Range piece : Pieces{range, length}) visits pieces of this length, the last maybe shorter.
struct Pieces {
    struct Iterator {
        Range rest;
        std::size_t length;

        Range operator*() const { return {rest.begin, std::min(rest.begin + length, rest.end)}; }
        void operator++() { rest.begin = std::min(rest.begin + length, rest.end); }
        bool operator!=(const Iterator& other) const { return rest.begin != other.rest.begin; }
    };

    Range range;
    std::size_t length;

    Iterator begin() const { return {range, length}; }
    Iterator end() const { return {{range.end, range.end}, length}; }
};

// The kernel writes rows of whole vectors. A tile that is not as wide, or whose c lies transposed,
// is computed beside c and copied. Inlined, this would take the registers from the loops below.
[[gnu::noinline]] void multiply_beside(Tile& tile, std::size_t rows, std::size_t columns) {
    const std::size_t vectors = std::max(divide_rounding_up(columns, lanes), least_vectors(rows));
    const View<float> c = tile.c;
    alignas(64) float beside[(most_rows + lanes) * NR];
    if (!c.is_transposed) {
        // Rows are written from the first to the last: what one has too much, the next overwrites.
        tile.c = {beside, columns, false};
        if (tile.add) copy_rows(c.data, c.stride, rows, columns, beside, columns);
        run_kernel(rows, vectors, tile);
        copy_rows(beside, columns, rows, columns, c.data, c.stride);
    } else {
        tile.c = {beside, NR, false};
        for (std::size_t i = 0; tile.add && i < columns; ++i) {
            for (std::size_t r = 0; r < rows; ++r) beside[r * NR + i] = c.data[i * c.stride + r];
        }
        run_kernel(rows, vectors, tile);
        alignas(64) float turned[(NR + 1) * lanes];
        for (std::size_t i = 0; i < columns; i += lanes) {
            transpose_square(beside + i, NR, turned + i * rows, rows);
        }
        copy_rows(turned, rows, columns, rows, c.data, c.stride);
    }
}

// How the part of a product is cut, which depends on its shape.
struct Cut {
    Cut(const Product& product, std::size_t rows, std::size_t columns) {
        // A tile of half the width may be twice as high. If c lies transposed, a square of `lanes`
        // rows has to hold it.
        const bool is_narrow = columns <= NR / 2 || product.c.is_transposed;
        width = is_narrow ? NR / 2 : NR;
        std::size_t most = is_narrow && !product.a_is_sparse ? most_rows : MR;
        if (product.c.is_transposed) most = std::min(most, lanes);
        height = even_length(rows, most);
        depth = divide_rounding_up(even_length(product.K, KC), lanes) * lanes;
        pack_a = product.a.is_transposed && product.a.stride % bad_stride == 0 &&
                 depth >= depth_worth_packing_a && columns > NR;
        pack_b = rows >= rows_worth_packing_b;
    }

    std::size_t height, width, depth;
    bool pack_a, pack_b;
};

// Memory that is kept for the next product.
float* at_least(std::size_t size, Matrix& memory) {
    if (memory.size() < size) memory.resize(1, size);
    return memory.data();
}

View<const float> panel_of_b(View<const float> b, Range k, Range n, bool pack, float* space) {
    b = b.from(k.begin, n.begin);
    if (b.is_transposed) {
        const std::size_t stride = divide_rounding_up(n.size(), lanes) * lanes;
        copy_transposed(b.data, b.stride, n.size(), k.size(), space, stride);
        return {space, stride, false};
    }
    // The kernel reads whole vectors, and two at least if there is but one row. Behind the last row
    // of a ragged or narrow b may be foreign memory.
    if (!pack && n.size() % lanes == 0 && n.size() > lanes) return b;
    copy_rows(b.data, b.stride, k.size(), n.size(), space, n.size());
    return {space, n.size(), false};
}

// The rows of a for these steps, turned so that they lie beside each other if that pays.
View<const float> block_of_a(View<const float> a, Range m, Range k, bool pack, Matrix& memory) {
    a = a.from(m.begin, k.begin);
    if (!pack) return a;
    const std::size_t stride = KC + lanes;  // not a bad one
    float* const space = at_least(m.size() * stride, memory);
    copy_transposed(a.data, a.stride, k.size(), m.size(), space, stride);
    return {space, stride, false};
}

}  // namespace

void multiply_part(const Product& product, Range rows, Range columns) {
    thread_local Matrix a_memory, b_memory;
    std::uint32_t steps[KC];
    Tile tile{};
    const Cut cut(product, rows.size(), columns.size());
    float* const space = at_least(NC * cut.depth + 2 * lanes, b_memory);
    for (const Range k : Pieces{{0, product.K}, cut.depth}) {
        tile.add = product.add || k.begin > 0;
        const View<const float> a = block_of_a(product.a, rows, k, cut.pack_a, a_memory);
        for (const Range n_block : Pieces{columns, NC}) {
            View<const float> panels[2 * NC / NR];
            for (const Range n : Pieces{n_block, cut.width}) {
                const std::size_t before = n.begin - n_block.begin;
                panels[before / cut.width] =
                    panel_of_b(product.b, k, n, cut.pack_b, space + before * cut.depth);
            }
            for (const Range m : Pieces{rows, cut.height}) {
                tile.a = a.from(m.begin - rows.begin, 0);
                tile.depth = k.size();
                if (product.a_is_sparse) {
                    tile.depth = list_steps(tile.a, m.size(), k.size(), steps);
                    tile.steps = steps;
                }
                for (const Range n : Pieces{n_block, cut.width}) {
                    tile.b = panels[(n.begin - n_block.begin) / cut.width];
                    tile.c = product.c.from(m.begin, n.begin);
                    const std::size_t vectors = n.size() / lanes;
                    const bool is_whole = n.size() % lanes == 0 && !tile.c.is_transposed;
                    if (is_whole && vectors >= least_vectors(m.size())) {
                        run_kernel(m.size(), vectors, tile);
                    } else {
                        multiply_beside(tile, m.size(), n.size());
                    }
                }
            }
        }
    }
}

}  // namespace digits::detail
