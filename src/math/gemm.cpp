#include "math/gemm.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "math/gemm_blocks.h"
#include "math/gemm_sparse.h"
#include "math/parallel.h"

namespace digits {
namespace {

using detail::lanes;
using detail::MR;
using detail::NR;
using detail::Product;

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
    const std::size_t heights = divide_rounding_up(M, MR), widths = divide_rounding_up(N, NR);
    const std::size_t worth = 1 + M * N * product.K / work_of_a_thread;
    const std::size_t threads = std::min(thread_count(), worth);
    if (threads == 1) {
        detail::multiply_part(product, {0, M}, {0, N});
        return;
    }
    // The grid whose largest part takes the least time. Its edges count, too: they are what has to
    // be fetched of a and b.
    std::size_t down = 1, across = 1, least = SIZE_MAX;
    for (std::size_t rows = 1; rows <= std::min(threads, heights); ++rows) {
        const std::size_t columns = std::min(threads / rows, widths);
        const std::size_t height = divide_rounding_up(heights, rows) * MR;
        const std::size_t width = divide_rounding_up(widths, columns) * NR;
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
            detail::multiply_part(
                product, {heights * i / down * MR, std::min(M, heights * (i + 1) / down * MR)},
                {widths * j / across * NR, std::min(N, widths * (j + 1) / across * NR)});
        }
    });
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
        product.a_is_sparse = detail::is_mostly_zero(product.a, product.M, product.K);
    }
    multiply(product);
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
