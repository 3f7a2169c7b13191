// One product of matrices, c = a * b, written six times, each time faster; and three variants of
// the first, to find out why it is slow. c has its size already.
//
// All but many_chains() add up each element of c from the first k to the last. The width of the
// product is that of c: b may have more columns, which are not used.
#pragma once

#include <algorithm>

#include "linalg/gemm_simd.h"
#include "linalg/matrix.h"
#include "util/prefetch.h"

namespace digits {

using detail::add_product;
using detail::lanes;
using detail::load;
using detail::store;
using detail::Vector;

// Step 1: the definition. Its innermost loop walks down a column of b.
inline void by_definition(const Matrix& a, const Matrix& b, Matrix& c) {
    for (std::size_t m = 0; m < c.rows(); ++m) {
        for (std::size_t n = 0; n < c.columns(); ++n) {
            float sum = 0.0f;
            for (std::size_t k = 0; k < a.columns(); ++k) sum += a(m, k) * b(k, n);
            c(m, n) = sum;
        }
    }
}

// Step 1 without the walk down columns: b is given transposed. Still one chain of additions.
inline void one_chain(const Matrix& a, const Matrix& b_transposed, Matrix& c) {
    for (std::size_t m = 0; m < c.rows(); ++m) {
        for (std::size_t n = 0; n < c.columns(); ++n) {
            float sum = 0.0f;
            for (std::size_t k = 0; k < a.columns(); ++k) sum += a(m, k) * b_transposed(n, k);
            c(m, n) = sum;
        }
    }
}

// The same with 64 sums that do not wait for each other, added up at the end: another order.
inline void many_chains(const Matrix& a, const Matrix& b_transposed, Matrix& c) {
    constexpr std::size_t chains = 64;
    const std::size_t depth = a.columns(), whole = depth - depth % chains;
    for (std::size_t m = 0; m < c.rows(); ++m) {
        for (std::size_t n = 0; n < c.columns(); ++n) {
            const float *const x = a.row(m).data(), *const y = b_transposed.row(n).data();
            float sums[chains] = {};
            for (std::size_t k = 0; k < whole; k += chains) {
                for (std::size_t i = 0; i < chains; ++i) sums[i] += x[k + i] * y[k + i];
            }
            for (std::size_t k = whole; k < depth; ++k) sums[k - whole] += x[k] * y[k];
            for (std::size_t half = chains / 2; half > 0; half /= 2) {
                for (std::size_t i = 0; i < half; ++i) sums[i] += sums[i + half];
            }
            c(m, n) = sums[0];
        }
    }
}

// Step 2: two loops exchanged. The innermost one walks along rows of b and c.
inline void along_rows(const Matrix& a, const Matrix& b, Matrix& c) {
    c.fill(0.0f);
    for (std::size_t m = 0; m < c.rows(); ++m) {
        for (std::size_t k = 0; k < a.columns(); ++k) {
            for (std::size_t n = 0; n < c.columns(); ++n) c(m, n) += a(m, k) * b(k, n);
        }
    }
}

// Step 3: b in blocks that stay in the second-level cache while all rows of a use them.
inline void in_blocks(const Matrix& a, const Matrix& b, Matrix& c) {
    constexpr std::size_t KC = 256, NC = 256;
    c.fill(0.0f);
    for (std::size_t k0 = 0; k0 < b.rows(); k0 += KC) {
        const std::size_t k1 = std::min(k0 + KC, b.rows());
        for (std::size_t n0 = 0; n0 < c.columns(); n0 += NC) {
            const std::size_t n1 = std::min(n0 + NC, c.columns());
            for (std::size_t m = 0; m < c.rows(); ++m) {
                for (std::size_t k = k0; k < k1; ++k) {
                    for (std::size_t n = n0; n < n1; ++n) c(m, n) += a(m, k) * b(k, n);
                }
            }
        }
    }
}

// A tile of c is `rows` high and NV vectors, which are NR numbers, wide.
constexpr std::size_t NV = detail::registers / 8, NR = NV * lanes;

// c += a * b for one tile; a_stride, b_stride and c_stride are the distances from one row to the
// next. With `starts`, c = a * b, and c is not read; with `ahead`, the lines of c are fetched
// meanwhile.
template <std::size_t rows, bool ahead = false>
[[gnu::noinline]] void multiply_tile(std::size_t depth, const float* a, std::size_t a_stride,
                                     const float* b, std::size_t b_stride, float* c,
                                     std::size_t c_stride, bool starts) {
    Vector sum[rows][NV];
#pragma GCC unroll 16
    for (std::size_t r = 0; r < rows; ++r) {
#pragma GCC unroll 16
        for (std::size_t v = 0; v < NV; ++v) {
            sum[r][v] = starts ? Vector{} : load(c + r * c_stride + v * lanes);
        }
    }
    for (std::size_t k = 0; k < depth; ++k) {
        if (ahead && k < rows) {
            for (std::size_t v = 0; v < NV; ++v) prefetch_to_write(c + k * c_stride + v * lanes);
        }
        Vector of_b[NV];
#pragma GCC unroll 16
        for (std::size_t v = 0; v < NV; ++v) of_b[v] = load(b + k * b_stride + v * lanes);
#pragma GCC unroll 16
        for (std::size_t r = 0; r < rows; ++r) {
            const float of_a = a[r * a_stride + k];
#pragma GCC unroll 16
            for (std::size_t v = 0; v < NV; ++v) add_product(sum[r][v], of_a, of_b[v]);
        }
    }
#pragma GCC unroll 16
    for (std::size_t r = 0; r < rows; ++r) {
#pragma GCC unroll 16
        for (std::size_t v = 0; v < NV; ++v) store(c + r * c_stride + v * lanes, sum[r][v]);
    }
}

// The columns at the right that fill no tile, by the loops of step 2. They must be 0 before.
inline void multiply_the_rest(const Matrix& a, const Matrix& b, Matrix& c) {
    for (std::size_t m = 0; m < c.rows(); ++m) {
        for (std::size_t k = 0; k < a.columns(); ++k) {
            for (std::size_t n = c.columns() / NR * NR; n < c.columns(); ++n) {
                c(m, n) += a(m, k) * b(k, n);
            }
        }
    }
}

// Step 4: tiles, whose sums stay in registers. The last rows, if too few, are tiles of one row.
template <std::size_t MR>
void in_tiles(const Matrix& a, const Matrix& b, Matrix& c) {
    c.fill(0.0f);
    for (std::size_t n = 0; n + NR <= c.columns(); n += NR) {
        for (std::size_t m = 0, rows = MR; m < c.rows(); m += rows) {
            rows = m + MR <= c.rows() ? MR : 1;
            (rows == MR ? multiply_tile<MR>
                        : multiply_tile<1>)(a.columns(), a.row(m).data(), a.columns(), b.data() + n,
                                            b.columns(), &c(m, n), c.columns(), false);
        }
    }
    multiply_the_rest(a, b, c);
}

// Step 5: packing. Blocks in k again, and `panels` panels of b at a time are copied to memory of
// their own, whose first number is `offset` floats after the beginning of a cache line.
template <std::size_t MR, std::size_t KC = 256, bool ahead = false, std::size_t panels = 1,
          std::size_t offset = 0>
void packed(const Matrix& a, const Matrix& b, Matrix& c) {
    static Matrix memory(panels * KC + 1, NR);
    float* const copy = memory.data() + offset;
    const std::size_t end = c.columns() / NR * NR;
    if (!ahead || end < c.columns()) c.fill(0.0f);
    for (std::size_t k0 = 0; k0 < b.rows(); k0 += KC) {
        const std::size_t depth = std::min(KC, b.rows() - k0);
        for (std::size_t n0 = 0; n0 < end; n0 += panels * NR) {
            const std::size_t n1 = std::min(n0 + panels * NR, end);
            for (std::size_t n = n0; n < n1; n += NR) {
                for (std::size_t k = 0; k < depth; ++k) {
                    std::copy_n(&b.row(k0 + k)[n], NR, copy + (n - n0) * KC + k * NR);
                }
            }
            for (std::size_t m = 0, rows = MR; m < c.rows(); m += rows) {
                rows = m + MR <= c.rows() ? MR : 1;
                for (std::size_t n = n0; n < n1; n += NR) {
                    (rows == MR ? multiply_tile<MR, ahead>
                                : multiply_tile<1, ahead>)(depth, &a.row(m)[k0], a.columns(),
                                                           copy + (n - n0) * KC, NR, &c(m, n),
                                                           c.columns(), ahead && k0 == 0);
                }
            }
        }
    }
    multiply_the_rest(a, b, c);
}

}  // namespace digits
