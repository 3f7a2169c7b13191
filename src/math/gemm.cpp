#include "math/gemm.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "math/parallel.h"

namespace digits {
namespace {

#if defined(__GNUC__) && !defined(DIGITS_PLAIN_GEMM)
#if defined(__AVX512F__)
constexpr std::size_t lanes = 16;
constexpr std::size_t MR = 12;
#elif defined(__AVX__)
constexpr std::size_t lanes = 8;
constexpr std::size_t MR = 6;
#elif defined(__aarch64__)
constexpr std::size_t lanes = 4;
constexpr std::size_t MR = 12;
#else
constexpr std::size_t lanes = 4;
constexpr std::size_t MR = 6;
#endif
typedef float Vector __attribute__((vector_size(lanes * sizeof(float))));
#else
constexpr std::size_t lanes = 8;
constexpr std::size_t MR = 6;
struct Vector {
    float lane[lanes];
};
inline Vector operator*(float a, const Vector& b) {
    Vector product;
    for (std::size_t i = 0; i < lanes; ++i) product.lane[i] = a * b.lane[i];
    return product;
}
inline Vector& operator+=(Vector& sum, const Vector& term) {
    for (std::size_t i = 0; i < lanes; ++i) sum.lane[i] += term.lane[i];
    return sum;
}
#endif

constexpr std::size_t NR = 2 * lanes;
constexpr std::size_t KC = 256;

inline Vector load(const float* from) {
    Vector vector;
    std::memcpy(&vector, from, sizeof vector);
    return vector;
}
inline void store(float* to, const Vector& vector) {
    std::memcpy(to, &vector, sizeof vector);
}

struct Tile {
    std::size_t depth;
    const float* a;
    std::size_t a_stride;
    const float* b;
    std::size_t b_stride;
    float* c;
    std::size_t c_stride;
    bool accumulate;
};

template <std::size_t rows, std::size_t vectors, bool by_k>
void kernel(const Tile& t) {
    Vector sum[rows][vectors];
    for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t v = 0; v < vectors; ++v) {
            sum[r][v] = t.accumulate ? load(t.c + r * t.c_stride + v * lanes) : Vector{};
        }
    }
    const float* a = t.a;
    const float* b = t.b;
    const std::size_t a_stride = t.a_stride, b_stride = t.b_stride;
    for (std::size_t k = 0; k < t.depth; ++k) {
        Vector bs[vectors];
        for (std::size_t v = 0; v < vectors; ++v) bs[v] = load(b + v * lanes);
        for (std::size_t r = 0; r < rows; ++r) {
            const float x = by_k ? a[r] : a[r * a_stride];
            for (std::size_t v = 0; v < vectors; ++v) sum[r][v] += x * bs[v];
        }
        a += by_k ? a_stride : 1;
        b += b_stride;
    }
    for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t v = 0; v < vectors; ++v)
            store(t.c + r * t.c_stride + v * lanes, sum[r][v]);
    }
}

using Kernel = void (*)(const Tile&);

template <std::size_t vectors, bool by_k, std::size_t... rows>
constexpr std::array<Kernel, MR> kernel_table(std::index_sequence<rows...>) {
    return {kernel<rows + 1, vectors, by_k>...};
}
template <std::size_t vectors, bool by_k>
constexpr auto kernels = kernel_table<vectors, by_k>(std::make_index_sequence<MR>{});

void run(std::size_t rows, std::size_t vectors, bool by_k, const Tile& tile) {
    if (by_k) {
        (vectors == 2 ? kernels<2, true> : kernels<1, true>)[rows - 1](tile);
    } else {
        (vectors == 2 ? kernels<2, false> : kernels<1, false>)[rows - 1](tile);
    }
}

struct Buffer {
    std::vector<float> memory;
    float* get(std::size_t size) {
        if (memory.size() < size + 16) memory.resize(size + 16);
        auto address = reinterpret_cast<std::uintptr_t>(memory.data());
        return memory.data() + ((64 - address % 64) % 64) / 4;
    }
};

void copy_block(const float* from, std::size_t from_stride, std::size_t rows, std::size_t columns,
                float* to, std::size_t to_stride) {
    for (std::size_t r = 0; r < rows; ++r) {
        std::memcpy(to + r * to_stride, from + r * from_stride, columns * sizeof(float));
    }
}

void slab(Factor a, Factor b, Matrix& c, std::size_t row_begin, std::size_t row_end,
          std::size_t column_begin, std::size_t column_end, bool accumulate_first) {
    constexpr bool pack_a_ = false, pack_b_ = false;
    thread_local Buffer a_buffer, b_buffer;
    const std::size_t K = a.columns(), M = row_end - row_begin;
    const std::size_t lda = a.matrix.columns(), ldb = b.matrix.columns(), ldc = c.columns();
    const std::size_t k_blocks = (K + KC - 1) / KC;
    const std::size_t depth_max = (K + k_blocks - 1) / k_blocks;
    const std::size_t tiles = (M + MR - 1) / MR;
    const std::size_t MRb = (M + tiles - 1) / tiles;
    for (std::size_t k = 0; k < K; k += depth_max) {
        const std::size_t depth = std::min(depth_max, K - k);
        const bool accumulate = accumulate_first || k > 0;
        const float* ap = nullptr;
        const std::size_t tile_size = a.is_transposed ? depth * MR : MR * (depth + 16);
        if (pack_a_) {
            float* p = a_buffer.get(tiles * tile_size);
            ap = p;
            for (std::size_t m = row_begin; m < row_end; m += MRb) {
                const std::size_t rows = std::min(MRb, row_end - m);
                if (a.is_transposed) {
                    copy_block(a.matrix.data() + k * lda + m, lda, depth, rows, p, MR);
                } else {
                    copy_block(a.matrix.data() + m * lda + k, lda, rows, depth, p, depth + 16);
                }
                p += tile_size;
            }
        }
        for (std::size_t n = column_begin; n < column_end; n += NR) {
            const std::size_t columns = std::min(NR, column_end - n);
            const std::size_t vectors = (columns + lanes - 1) / lanes;
            Tile t{};
            t.depth = depth;
            t.accumulate = accumulate;
            if (b.is_transposed || columns < vectors * lanes || pack_b_) {
                float* p = b_buffer.get(depth * NR);
                t.b = p;
                t.b_stride = NR;
                if (b.is_transposed) {
                    const float* from = b.matrix.data() + n * ldb + k;
                    for (std::size_t j = 0; j < columns; ++j) {
                        for (std::size_t i = 0; i < depth; ++i) p[i * NR + j] = from[j * ldb + i];
                    }
                } else {
                    copy_block(b.matrix.data() + k * ldb + n, ldb, depth, columns, p, NR);
                }
                for (std::size_t i = 0; i < depth; ++i) {
                    for (std::size_t j = columns; j < vectors * lanes; ++j) p[i * NR + j] = 0;
                }
            } else {
                t.b = b.matrix.data() + k * ldb + n;
                t.b_stride = ldb;
            }
            for (std::size_t m = row_begin; m < row_end; m += MRb) {
                const std::size_t rows = std::min(MRb, row_end - m);
                if (pack_a_) {
                    t.a = ap + (m - row_begin) / MRb * tile_size;
                    t.a_stride = a.is_transposed ? MR : depth + 16;
                } else {
                    t.a = a.matrix.data() + (a.is_transposed ? k * lda + m : m * lda + k);
                    t.a_stride = lda;
                }
                float* target = c.data() + m * ldc + n;
                if (columns == vectors * lanes) {
                    t.c = target;
                    t.c_stride = ldc;
                    run(rows, vectors, a.is_transposed, t);
                } else {
                    alignas(64) float scratch[MR * NR];
                    if (accumulate) copy_block(target, ldc, rows, columns, scratch, NR);
                    t.c = scratch;
                    t.c_stride = NR;
                    run(rows, vectors, a.is_transposed, t);
                    copy_block(scratch, NR, rows, columns, target, ldc);
                }
            }
        }
    }
}

void check_shapes(Factor a, Factor b, Matrix& c, float beta) {
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

void gemm(Factor a, Factor b, Matrix& c, float beta) {
    check_shapes(a, b, c, beta);
    const std::size_t M = a.rows(), N = b.columns(), K = a.columns();
    if (K == 0 && beta == 0.0f) c.fill(0.0f);
    if (beta != 0.0f && beta != 1.0f) {
        for (float& value : c.values()) value *= beta;
    }
    if (M == 0 || N == 0 || K == 0) return;
    const bool accumulate = beta != 0.0f;
    std::size_t parts = std::min(thread_count(), 1 + M * N * K / 500000);
    if (N >= M) {
        const std::size_t panels = (N + NR - 1) / NR;
        parts = std::min(parts, panels);
        parallel_for(0, parts, 1, [&](std::size_t begin, std::size_t end) {
            slab(a, b, c, 0, M, begin * panels / parts * NR, std::min(N, end * panels / parts * NR),
                 accumulate);
        });
    } else {
        parts = std::min(parts, M);
        parallel_for(0, parts, 1, [&](std::size_t begin, std::size_t end) {
            slab(a, b, c, begin * M / parts, end * M / parts, 0, N, accumulate);
        });
    }
}

void gemm_naive(Factor a, Factor b, Matrix& c, float beta) {
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
