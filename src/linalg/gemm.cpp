#include "linalg/gemm.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "linalg/gemm_kernel.h"
#include "util/parallel.h"
#include "util/sizes.h"

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

namespace digits {
namespace {

using namespace detail;

struct Range {
    std::size_t begin, end;

    std::size_t size() const { return end - begin; }
};

struct Product {
    View<const float> a, b;
    View<float> c;
    std::size_t M, N, K;
    bool add;          // to what c holds
    bool a_is_sparse;  // so much so that it pays to look for its zeros
};

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
    return ceil_div(size, ceil_div(size, most));
}

// for (Range piece : Chunks{range, length}) visits pieces of this length, the last maybe shorter.
struct Chunks {
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
[[gnu::noinline]] void compute_edge_tile(Tile& tile, std::size_t rows, std::size_t columns) {
    const std::size_t vectors = std::max(ceil_div(columns, lanes), least_vectors(rows));
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
        depth = ceil_div(even_length(product.K, KC), lanes) * lanes;
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

View<const float> pack_b_panel(View<const float> b, Range k, Range n, bool pack, float* space) {
    b = b.from(k.begin, n.begin);
    if (b.is_transposed) {
        const std::size_t stride = ceil_div(n.size(), lanes) * lanes;
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
View<const float> pack_a_block(View<const float> a, Range m, Range k, bool pack, Matrix& memory) {
    a = a.from(m.begin, k.begin);
    if (!pack) return a;
    const std::size_t stride = KC + lanes;  // not a bad one
    float* const space = at_least(m.size() * stride, memory);
    copy_transposed(a.data, a.stride, k.size(), m.size(), space, stride);
    return {space, stride, false};
}

// Computes these rows and columns of c. Cuts at multiples of MR and NR leave the fewest ragged
// tiles.
void multiply_part(const Product& product, Range rows, Range columns) {
    thread_local Matrix a_memory, b_memory;
    std::uint32_t steps[KC];
    Tile tile{};
    const Cut cut(product, rows.size(), columns.size());
    float* const space = at_least(NC * cut.depth + 2 * lanes, b_memory);
    for (const Range k : Chunks{{0, product.K}, cut.depth}) {
        tile.add = product.add || k.begin > 0;
        const View<const float> a = pack_a_block(product.a, rows, k, cut.pack_a, a_memory);
        for (const Range n_block : Chunks{columns, NC}) {
            View<const float> panels[2 * NC / NR];
            for (const Range n : Chunks{n_block, cut.width}) {
                const std::size_t before = n.begin - n_block.begin;
                panels[before / cut.width] =
                    pack_b_panel(product.b, k, n, cut.pack_b, space + before * cut.depth);
            }
            for (const Range m : Chunks{rows, cut.height}) {
                tile.a = a.from(m.begin - rows.begin, 0);
                tile.depth = k.size();
                if (product.a_is_sparse) {
                    tile.depth = list_steps(tile.a, m.size(), k.size(), steps);
                    tile.steps = steps;
                }
                for (const Range n : Chunks{n_block, cut.width}) {
                    tile.b = panels[(n.begin - n_block.begin) / cut.width];
                    tile.c = product.c.from(m.begin, n.begin);
                    const std::size_t vectors = n.size() / lanes;
                    const bool is_whole = n.size() % lanes == 0 && !tile.c.is_transposed;
                    if (is_whole && vectors >= least_vectors(m.size())) {
                        run_kernel(m.size(), vectors, tile);
                    } else {
                        compute_edge_tile(tile, m.size(), n.size());
                    }
                }
            }
        }
    }
}

// Multiplications for which it pays to wake a thread.
constexpr std::size_t work_of_a_thread = 250'000;

// Numbers of A for which it pays to find out whether most are zero.
constexpr std::size_t size_worth_looking = 10'000;

// C = A B is also C^T = B^T A^T.
Product transposed(Product product) {
    std::swap(product.a, product.b);
    std::swap(product.M, product.N);
    for (bool* flag :
         {&product.a.is_transposed, &product.b.is_transposed, &product.c.is_transposed}) {
        *flag = !*flag;
    }
    return product;
}

// Cuts c into a grid of parts, one for each thread.
void multiply(const Product& product) {
    const std::size_t M = product.M, N = product.N;
    const std::size_t heights = ceil_div(M, MR), widths = ceil_div(N, NR);
    const std::size_t worth = 1 + M * N * product.K / work_of_a_thread;
    const std::size_t threads = std::min(thread_count(), worth);
    if (threads == 1) {
        multiply_part(product, {0, M}, {0, N});
        return;
    }
    // The grid whose largest part takes the least time. Its edges count, too: they are what has to
    // be fetched of a and b.
    std::size_t down = 1, across = 1, least = SIZE_MAX;
    for (std::size_t rows = 1; rows <= std::min(threads, heights); ++rows) {
        const std::size_t columns = std::min(threads / rows, widths);
        const std::size_t height = ceil_div(heights, rows) * MR;
        const std::size_t width = ceil_div(widths, columns) * NR;
        const std::size_t time = height * width + 8 * (height + width);
        if (time < least) {
            least = time;
            down = rows;
            across = columns;
        }
    }
    parallel_for(0, down * across, 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t part = begin; part < end; ++part) {
            const std::size_t i = part / across, j = part % across;
            multiply_part(product,
                          {heights * i / down * MR, std::min(M, heights * (i + 1) / down * MR)},
                          {widths * j / across * NR, std::min(N, widths * (j + 1) / across * NR)});
        }
    });
}

void check_shapes(MatrixRef a, MatrixRef b, Matrix& c, float beta) {
    require(a.columns() == b.rows(), "gemm: the left factor is ", a.rows(), "x", a.columns(),
            " but the right one is ", b.rows(), "x", b.columns(), ": the inner sizes must agree");
    require(&c != &a.matrix && &c != &b.matrix, "gemm: the result can't be one of the factors");
    if (beta == 0.0f) {
        c.resize(a.rows(), b.columns());
    } else {
        require(c.rows() == a.rows() && c.columns() == b.columns(), "gemm: the product is ",
                a.rows(), "x", b.columns(), " but the result to add to is ", shape(c));
    }
}

}  // namespace

void gemm(MatrixRef a, MatrixRef b, Matrix& c, float beta) {
    check_shapes(a, b, c, beta);
    if (a.columns() == 0 && beta == 0.0f) c.fill(0.0f);
    if (beta != 0.0f && beta != 1.0f) {
        for (float& value : c.values()) value *= beta;
    }
    if (c.size() == 0 || a.columns() == 0) return;
    Product product = {{a.matrix.data(), a.matrix.columns(), a.is_transposed},
                       {b.matrix.data(), b.matrix.columns(), b.is_transposed},
                       {c.data(), c.columns(), false},
                       a.rows(),
                       b.columns(),
                       a.columns(),
                       beta != 0.0f,
                       false};
    // Ten columns fill ten of sixteen lanes. But the stored rows of a transposed A can take the
    // place of B: they are long.
    if (product.N < lanes && a.is_transposed) product = transposed(product);
    // A small product or one of few columns takes less time than to look what can be left out.
    if (product.N >= NR && product.M * product.K >= size_worth_looking) {
        product.a_is_sparse = is_mostly_zero(product.a, product.M, product.K);
    }
    multiply(product);
}

void gemm_naive(MatrixRef a, MatrixRef b, Matrix& c, float beta) {
    check_shapes(a, b, c, beta);
    for (std::size_t m = 0; m < c.rows(); ++m) {
        for (std::size_t n = 0; n < c.columns(); ++n) {
            double sum = 0;
            if (beta != 0.0f) sum = static_cast<double>(beta) * static_cast<double>(c(m, n));
            for (std::size_t k = 0; k < a.columns(); ++k) {
                sum += static_cast<double>(a(m, k)) * static_cast<double>(b(k, n));
            }
            c(m, n) = static_cast<float>(sum);
        }
    }
}

}  // namespace digits
