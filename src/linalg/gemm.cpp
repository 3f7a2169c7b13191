#include "linalg/gemm.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "linalg/gemm_kernel.h"
#include "util/parallel.h"
#include "util/sizes.h"

// Blocked matrix multiplication: the loops, from the outermost to the innermost, after Goto and van
// de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008. The idea: every number that
// is fetched from slow memory is used many times while it is in fast memory.
//
//     parts   of C, one for each thread, computed independently of each other
//     KC      steps in k, the dimension that is summed over
//     NC      columns of B and C: a block of B, KC x NC, stays in the L2 cache
//     MR      rows of A and C: a strip of A, MR x KC, stays in the L1 cache
//     NR      columns again: a panel of B, KC x NR, is streamed in from the L2 cache
//     k       a tile of C, MR x NR, stays in registers: gemm_kernel.h
//
// Whatever the block sizes, every element of C is summed from the first k to the last, each term
// added to the sum of those before it. So block sizes and the number of threads affect the speed,
// but not one bit of the result.
//
// The percentages below are relative to the peak of one core of a Xeon "Sapphire Rapids" with
// AVX-512: the speed at which it multiplies and adds in registers.

namespace digits {
namespace {

using namespace detail;

struct Range {
    std::size_t begin, end;

    std::size_t size() const { return end - begin; }
};

// The arguments of one product, c (M, N) = a (M, K) * b (K, N).
struct GemmArgs {
    View<const float> a, b;
    View<float> c;
    std::size_t M, N, K;
    bool add;          // c += a * b instead of c = a * b
    bool a_is_sparse;  // enough zeros for looking for them to pay off
};

// C is read and written once per KC steps, so a larger KC is better: 1024^3 runs at 86, 91, 95 and
// 97 % with 128, 256, 512 and 1024. But a strip of A, 12 KB here, must leave room in an L1 cache of
// 32 KB, and with 1024 steps 128 x 512 x 784 drops from 94 to 80 %.
constexpr std::size_t KC = 512;

// The block of B takes 512 KB with AVX-512, as machines with AVX-512 have an L2 cache of 1 MB or
// more, and 128 KB with narrower vectors. A strip of A is used for four panels before the next one:
// 95 % for 1024^3, against 89 % with one panel and 72 % with sixteen.
constexpr std::size_t NC = 4 * NR;

// A factor is read in place if possible, because packing takes time, too. A transposed B must be
// packed. Packing a B that is not transposed pays off if many rows of A use it, because consecutive
// cache lines arrive faster than parts of rows: 95 instead of 60 % for 1024 rows, but 89 instead of
// 97 % for the 128 of a batch.
constexpr std::size_t rows_worth_packing_b = 512;

// A transposed A is packed only if its strips are deep and its row stride is a multiple of 2 KB.
// Each step in k reads a different row, and those rows compete for the same few cache sets: 92
// instead of 64 % for 1024^3.
constexpr std::size_t depth_worth_packing_a = 129, bad_stride = 512;

// The chunk length if `size` is divided as evenly as possible into chunks of at most `max_length`.
constexpr std::size_t even_length(std::size_t size, std::size_t max_length) {
    return ceil_div(size, ceil_div(size, max_length));
}

// for (Range chunk : Chunks{range, length}) visits chunks of this length; the last may be shorter.
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

// The kernel writes rows of whole vectors. A tile of C whose width is not a whole number of
// vectors, or a transposed one, is computed in a buffer and copied to C. Not inlined, because that
// would take registers away from the loops in multiply_part().
//
// A transposed tile is turned in squares of `lanes` x `lanes`. It has at most `lanes` rows (see
// BlockSizes), often fewer; a square then also takes rows of the buffer that were never written.
// They become the ends of rows that are too long by as much, and each row of the result is written
// over the end of the one before it. Hence the sizes of the buffers: up to `lanes` rows more than a
// tile has are read, and up to `lanes` numbers after the last row are written.
[[gnu::noinline]] void compute_edge_tile(Tile& tile, std::size_t rows, std::size_t columns) {
    const std::size_t vectors = std::max(ceil_div(columns, lanes), min_vectors(rows));
    const View<float> c = tile.c;
    alignas(64) float tile_buffer[(max_tile_rows + lanes) * NR];
    if (!c.is_transposed) {
        // Lanes that a row writes past its end are overwritten by the next row.
        tile.c = {tile_buffer, columns, false};
        if (tile.add) copy_rows(c.data, c.stride, rows, columns, tile_buffer, columns);
        run_kernel(rows, vectors, tile);
        copy_rows(tile_buffer, columns, rows, columns, c.data, c.stride);
    } else {
        tile.c = {tile_buffer, NR, false};
        for (std::size_t i = 0; tile.add && i < columns; ++i) {
            for (std::size_t r = 0; r < rows; ++r) {
                tile_buffer[r * NR + i] = c.data[i * c.stride + r];
            }
        }
        run_kernel(rows, vectors, tile);
        alignas(64) float transposed_buffer[(NR + 1) * lanes];
        for (std::size_t i = 0; i < columns; i += lanes) {
            transpose_square(tile_buffer + i, NR, transposed_buffer + i * rows, rows);
        }
        copy_rows(transposed_buffer, rows, columns, rows, c.data, c.stride);
    }
}

// The tile size and the packing for one part of C, chosen by its shape.
struct BlockSizes {
    BlockSizes(const GemmArgs& args, std::size_t rows, std::size_t columns) {
        // A tile of half the width may have twice the height. A transposed tile of C must fit into
        // a square of `lanes` rows.
        const bool is_narrow = columns <= NR / 2 || args.c.is_transposed;
        width = is_narrow ? NR / 2 : NR;
        std::size_t max_height = is_narrow && !args.a_is_sparse ? max_tile_rows : MR;
        if (args.c.is_transposed) max_height = std::min(max_height, lanes);
        height = even_length(rows, max_height);
        // Rounded up to whole vectors, so that a transposed B is packed in whole squares. It may
        // exceed K then, but no chunk of k does.
        depth = ceil_div(even_length(args.K, KC), lanes) * lanes;
        // A single panel uses each strip of A only once, too seldom to be worth packing.
        pack_a = args.a.is_transposed && args.a.stride % bad_stride == 0 &&
                 depth >= depth_worth_packing_a && columns > NR;
        pack_b = rows >= rows_worth_packing_b;
    }

    std::size_t height, width, depth;
    bool pack_a, pack_b;
};

// A scratch buffer of at least this size. It keeps its memory for the next product.
float* reserve(std::size_t size, Matrix& scratch) {
    if (scratch.size() < size) scratch.resize(1, size);
    return scratch.data();
}

View<const float> pack_b_panel(View<const float> b, Range k, Range n, bool pack, float* buffer) {
    b = b.from(k.begin, n.begin);
    if (b.is_transposed) {
        const std::size_t stride = ceil_div(n.size(), lanes) * lanes;
        copy_transposed(b.data, b.stride, n.size(), k.size(), buffer, stride);
        return {buffer, stride, false};
    }
    // The kernel reads whole vectors, and two of them at least if A has a single row, see
    // min_vectors(). From b in place, it would read past the end of the last row if the width is
    // not a multiple of `lanes`, or is only one vector.
    if (!pack && n.size() % lanes == 0 && n.size() > lanes) return b;
    copy_rows(b.data, b.stride, k.size(), n.size(), buffer, n.size());
    return {buffer, n.size(), false};
}

// These rows and steps of a; packed, the numbers of one step are contiguous.
View<const float> pack_a_block(View<const float> a, Range m, Range k, bool pack, Matrix& scratch) {
    a = a.from(m.begin, k.begin);
    if (!pack) return a;
    const std::size_t stride = KC + lanes;  // not a multiple of bad_stride
    float* const buffer = reserve(m.size() * stride, scratch);
    copy_transposed(a.data, a.stride, k.size(), m.size(), buffer, stride);
    return {buffer, stride, false};
}

// Computes these rows and columns of c. Ranges that start at multiples of MR and NR leave the
// fewest partial tiles.
void multiply_part(const GemmArgs& args, Range rows, Range columns) {
    thread_local Matrix a_scratch, b_scratch;
    std::uint32_t steps[KC];
    Tile tile{};
    const BlockSizes sizes(args, rows.size(), columns.size());
    // The kernel may read up to two vectors past the last packed row.
    float* const buffer = reserve(NC * sizes.depth + 2 * lanes, b_scratch);
    for (const Range k : Chunks{{0, args.K}, sizes.depth}) {
        tile.add = args.add || k.begin > 0;
        const View<const float> a = pack_a_block(args.a, rows, k, sizes.pack_a, a_scratch);
        for (const Range n_block : Chunks{columns, NC}) {
            View<const float> panels[2 * NC / NR];  // a panel is NR or NR / 2 columns wide
            for (const Range n : Chunks{n_block, sizes.width}) {
                const std::size_t offset = n.begin - n_block.begin;
                panels[offset / sizes.width] =
                    pack_b_panel(args.b, k, n, sizes.pack_b, buffer + offset * sizes.depth);
            }
            for (const Range m : Chunks{rows, sizes.height}) {
                tile.a = a.from(m.begin - rows.begin, 0);
                tile.depth = k.size();
                if (args.a_is_sparse) {
                    tile.depth = list_steps(tile.a, m.size(), k.size(), steps);
                    tile.steps = steps;
                }
                for (const Range n : Chunks{n_block, sizes.width}) {
                    tile.b = panels[(n.begin - n_block.begin) / sizes.width];
                    tile.c = args.c.from(m.begin, n.begin);
                    const std::size_t vectors = n.size() / lanes;
                    const bool has_whole_vectors = n.size() % lanes == 0 && !tile.c.is_transposed;
                    if (has_whole_vectors && vectors >= min_vectors(m.size())) {
                        run_kernel(m.size(), vectors, tile);
                    } else {
                        compute_edge_tile(tile, m.size(), n.size());
                    }
                }
            }
        }
    }
}

// The number of multiplications for which waking another thread pays off: at the speed of one core
// a few microseconds of work, less than waking takes, but a thread that still spins is quick.
// Chapter 8 measures from which size on two threads win.
constexpr std::size_t work_per_thread = 250'000;

// The size of A from which on checking whether it is mostly zero pays off.
constexpr std::size_t min_size_for_sparse_check = 10'000;

// The same product, with all three matrices transposed: C^T = B^T A^T.
GemmArgs transposed_product(GemmArgs args) {
    std::swap(args.a, args.b);
    std::swap(args.M, args.N);
    for (bool* flag : {&args.a.is_transposed, &args.b.is_transposed, &args.c.is_transposed}) {
        *flag = !*flag;
    }
    return args;
}

// Divides C into a grid of parts, one for each thread.
void multiply(const GemmArgs& args) {
    const std::size_t M = args.M, N = args.N;
    const std::size_t heights = ceil_div(M, MR), widths = ceil_div(N, NR);
    const std::size_t useful_threads = 1 + M * N * args.K / work_per_thread;
    const std::size_t threads = std::min(thread_count(), useful_threads);
    if (threads == 1) {
        multiply_part(args, {0, M}, {0, N});
        return;
    }
    // Choose the grid whose largest part takes the least time. For each step in k, a part does
    // height * width multiplications and fetches height + width numbers of a and b. A fetched
    // number is counted as 8 multiplications. The 8 is an estimate: it only has to prefer squares
    // to strips.
    std::size_t down = 1, across = 1, least_cost = SIZE_MAX;
    for (std::size_t rows = 1; rows <= std::min(threads, heights); ++rows) {
        const std::size_t columns = std::min(threads / rows, widths);
        const std::size_t height = ceil_div(heights, rows) * MR;
        const std::size_t width = ceil_div(widths, columns) * NR;
        const std::size_t cost = height * width + 8 * (height + width);
        if (cost < least_cost) {
            least_cost = cost;
            down = rows;
            across = columns;
        }
    }
    parallel_for(0, down * across, 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t part = begin; part < end; ++part) {
            const std::size_t i = part / across, j = part % across;
            // The order matters: heights * i / down, rounded down, is a whole number of strips.
            multiply_part(args,
                          {heights * i / down * MR, std::min(M, heights * (i + 1) / down * MR)},
                          {widths * j / across * NR, std::min(N, widths * (j + 1) / across * NR)});
        }
    });
}

void check_shapes(MatrixRef a, MatrixRef b, Matrix& c, float beta) {
    require(a.columns() == b.rows(), "gemm: the left factor is ", a.rows(), "x", a.columns(),
            " but the right one is ", b.rows(), "x", b.columns(),
            ": the inner dimensions must match");
    require(&c != &a.matrix && &c != &b.matrix, "gemm: the result must not be one of the factors");
    if (beta == 0.0f) {
        c.resize(a.rows(), b.columns());
    } else {
        require(c.rows() == a.rows() && c.columns() == b.columns(), "gemm: the product is ",
                a.rows(), "x", b.columns(), " but the result it is added to is ", shape(c));
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
    GemmArgs args = {{a.matrix.data(), a.matrix.columns(), a.is_transposed},
                     {b.matrix.data(), b.matrix.columns(), b.is_transposed},
                     {c.data(), c.columns(), false},
                     a.rows(),
                     b.columns(),
                     a.columns(),
                     beta != 0.0f,
                     false};
    // The weight gradient of a last layer of ten classes, X^T dZ, is 64 x 10, say. Its rows of ten
    // would fill ten of sixteen lanes. Its transpose, dZ^T X, is 10 x 64: rows that fill four whole
    // vectors, and X is read as it is stored.
    if (args.N < lanes && a.is_transposed) args = transposed_product(args);
    // A small product, or one of few columns, takes less time than looking for zeros.
    if (args.N >= NR && args.M * args.K >= min_size_for_sparse_check) {
        args.a_is_sparse = is_mostly_zero(args.a, args.M, args.K);
    }
    multiply(args);
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
