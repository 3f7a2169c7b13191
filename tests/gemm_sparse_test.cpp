// Sparse products: gemm() skips terms with a zero if there are many. The results must not change.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "check.h"
#include "linalg/gemm.h"
#include "linalg/gemm_kernel.h"
#include "util/parallel.h"
#include "util/random.h"

namespace digits {
namespace {

using testing::check;
using testing::check_equal;

// A matrix in which only a fraction of the numbers, in runs like the ink of a digit, is not zero.
Matrix sparse_matrix(std::size_t rows, std::size_t columns, double density, std::uint64_t seed) {
    Random random(seed);
    Matrix matrix(rows, columns);
    bool ink = false;
    for (float& value : matrix.values()) {
        if (random.below(8) == 0) ink = random.uniform() < density;
        if (ink) value = static_cast<float>(random.normal());
    }
    return matrix;
}

Matrix dense_matrix(std::size_t rows, std::size_t columns, std::uint64_t seed) {
    return sparse_matrix(rows, columns, 1.0, seed);
}

detail::View<const float> view(const Matrix& matrix, bool is_transposed) {
    return {matrix.data(), matrix.columns(), is_transposed};
}

// The rows of `top`, then the rows of `bottom`.
Matrix stacked(const Matrix& top, const Matrix& bottom) {
    Matrix both(top.rows() + bottom.rows(), top.columns());
    std::copy(top.values().begin(), top.values().end(), both.data());
    std::copy(bottom.values().begin(), bottom.values().end(), both.data() + top.size());
    return both;
}

TEST(pixels_count_as_mostly_zero_and_relu_outputs_do_not) {
    const Matrix pixels = sparse_matrix(128, 784, 0.2, 1), units = sparse_matrix(128, 784, 0.5, 1);
    check(detail::is_mostly_zero(view(pixels, false), 128, 784));
    check(detail::is_mostly_zero(view(pixels, true), 784, 128));
    check(!detail::is_mostly_zero(view(units, false), 128, 784));
    check(!detail::is_mostly_zero(view(dense_matrix(7, 3, 1), false), 7, 3));
}

TEST(the_steps_are_those_where_a_strip_is_not_zero) {
    Matrix strip(6, 5);
    strip(2, 1) = 3.0f;
    strip(5, 4) = -1.0f;
    std::uint32_t steps[8];
    check_equal(detail::list_steps(view(strip, false), 6, 5, steps), 2u);
    check(steps[0] == 1 && steps[1] == 4);
    // Without its last row the strip has only one step. Transposed, the rows are columns.
    check_equal(detail::list_steps(view(strip, false), 5, 5, steps), 1u);
    Matrix strip_t(5, 6);
    strip_t(1, 2) = 3.0f;
    strip_t(4, 5) = -1.0f;
    check_equal(detail::list_steps(view(strip_t, true), 6, 5, steps), 2u);
    check(steps[0] == 1 && steps[1] == 4);
    check_equal(detail::list_steps(view(strip_t, true), 5, 5, steps), 1u);
    check_equal(detail::list_steps(view(strip_t, true), 6, 0, steps), 0u);
}

// Stacked on many dense rows, the same sparse rows count as dense: no term is skipped.
TEST(a_sparse_product_has_the_bits_of_the_dense_one) {
    for (const std::size_t rows : {1u, 5u, 6u, 7u, 23u, 128u}) {
        for (const std::size_t depth : {1u, 30u, 512u, 784u}) {
            const Matrix a = sparse_matrix(rows, depth, 0.15, rows + depth);
            const Matrix b = dense_matrix(depth, 130, 2);
            Matrix sparse, all;
            gemm(a, b, sparse);
            gemm(stacked(a, dense_matrix(9 * rows + 40, depth, 3)), b, all);
            for (std::size_t i = 0; i < sparse.size(); ++i) {
                check_equal(sparse.values()[i], all.values()[i]);
            }
        }
    }
}

TEST(a_sparse_product_agrees_with_the_definition_in_every_transpose) {
    const Matrix a = sparse_matrix(100, 200, 0.15, 1), a_t = sparse_matrix(200, 100, 0.15, 2);
    const Matrix b = dense_matrix(200, 129, 3), b_t = dense_matrix(129, 200, 4);
    for (const MatrixRef left : {MatrixRef(a), transposed(a_t)}) {
        for (const MatrixRef right : {MatrixRef(b), transposed(b_t)}) {
            for (const float beta : {0.0f, 1.0f, -0.5f}) {
                Matrix fast = dense_matrix(100, 129, 5), slow = fast;
                gemm(left, right, fast, beta);
                gemm_naive(left, right, slow, beta);
                // Sums of about 30 products of order 1: 30 roundings of 6e-8 of at most 20 or so.
                for (std::size_t i = 0; i < fast.size(); ++i) {
                    testing::check_near(static_cast<double>(fast.values()[i]),
                                        static_cast<double>(slow.values()[i]), 4e-5);
                }
            }
        }
    }
}

TEST(a_sparse_product_has_the_same_bits_for_every_thread_count) {
    const Matrix a = sparse_matrix(128, 784, 0.2, 1), b = dense_matrix(784, 128, 2);
    const Matrix dz = dense_matrix(128, 128, 3);
    set_thread_count(1);
    Matrix forward, gradient;
    gemm(a, b, forward);
    gemm(transposed(a), dz, gradient);
    for (const std::size_t threads : {2u, 3u, 7u}) {
        set_thread_count(threads);
        Matrix other;
        gemm(a, b, other);
        check(other == forward);
        gemm(transposed(a), dz, other);
        check(other == gradient);
    }
    set_thread_count(0);
}

TEST(a_product_that_underflows_gives_the_same_zero_with_and_without_skipping) {
    Matrix a(128, 500), b(500, 128, 1.0f), wide;
    for (std::size_t m = 0; m < a.rows(); ++m) a(m, 0) = 1e-30f;
    for (float& value : b.row(0)) value = -1e-30f;
    gemm(a, b, wide);  // skips all but the first of 500 terms
    bool any_negative = false;
    for (const float value : wide.values()) any_negative = any_negative || std::signbit(value);
    check(!any_negative);
}

TEST(an_all_zero_factor_gives_zero_or_keeps_the_result) {
    const Matrix zeros(64, 100), b = dense_matrix(100, 128, 1);
    Matrix c(64, 128, std::numeric_limits<float>::quiet_NaN());
    gemm(zeros, b, c);
    check(c == Matrix(64, 128));
    Matrix kept = dense_matrix(64, 128, 2);
    const Matrix before = kept;
    gemm(zeros, b, kept, 1.0f);
    check(kept == before);
}

}  // namespace
}  // namespace digits
