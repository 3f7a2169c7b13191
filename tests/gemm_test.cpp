#include "linalg/gemm.h"

#include <cmath>
#include <cstddef>
#include <limits>

#include "check.h"
#include "random_factors.h"
#include "util/parallel.h"

namespace digits {
namespace {

using testing::check;
using testing::check_equal;
using testing::check_near;
using testing::check_throws;
using testing::Factors;
using testing::random_matrix;

constexpr float nan_value = std::numeric_limits<float>::quiet_NaN();

struct Threads {
    explicit Threads(std::size_t count) { set_thread_count(count); }
    ~Threads() { set_thread_count(0); }
};

// Each element is K products added one by one to a first value. With u = 2^-24, the error of one
// rounding, such a sum is off by at most gamma(K + 2) * (|beta c| + sum of |a| |b|), where
// gamma(n) = n u / (1 - n u): Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed.,
// section 3.1. The 2 are the rounding of beta * c and that of the reference result to float.
void check_close_to_naive(const Factors& factors, const Matrix& before, float beta) {
    Matrix actual = before;
    Matrix expected = before;
    gemm(factors.a, factors.b, actual, beta);
    gemm_naive(factors.a, factors.b, expected, beta);
    check_equal(shape(actual), shape(expected));
    const double n = static_cast<double>(factors.a.columns() + 2);
    const double u = 0x1.0p-24;
    for (std::size_t row = 0; row < expected.rows(); ++row) {
        for (std::size_t column = 0; column < expected.columns(); ++column) {
            double magnitude = 0;
            if (beta != 0)
                magnitude =
                    std::abs(static_cast<double>(beta) * static_cast<double>(before(row, column)));
            for (std::size_t k = 0; k < factors.a.columns(); ++k) {
                magnitude += std::abs(static_cast<double>(factors.a(row, k)) *
                                      static_cast<double>(factors.b(k, column)));
            }
            check_near(static_cast<double>(actual(row, column)),
                       static_cast<double>(expected(row, column)), n * u / (1 - n * u) * magnitude);
        }
    }
}

void check_all_transposes(std::size_t M, std::size_t N, std::size_t K) {
    for (const bool transpose_a : {false, true}) {
        for (const bool transpose_b : {false, true}) {
            check_close_to_naive(Factors(M, N, K, transpose_a, transpose_b), Matrix(), 0);
        }
    }
}

TEST(a_product_computed_by_hand) {
    const Matrix a = {{1, 2, 3}, {4, 5, 6}};
    const Matrix b = {{1, 0}, {2, 1}, {0, -1}};
    Matrix c;
    gemm(a, b, c);
    check(c == Matrix{{5, -1}, {14, -1}});
    gemm(transposed(b), transposed(a), c);
    check(c == Matrix{{5, 14}, {-1, -1}});
    gemm_naive(a, b, c);
    check(c == Matrix{{5, -1}, {14, -1}});
}

TEST(every_small_shape_agrees_with_the_definition) {
    for (std::size_t M = 0; M <= 26; ++M) {
        for (const std::size_t N : {0u, 1u, 2u, 7u, 8u, 9u, 10u, 15u, 16u, 17u, 31u, 33u}) {
            for (const std::size_t K : {0u, 1u, 2u, 5u}) check_all_transposes(M, N, K);
        }
    }
}

TEST(every_width_agrees_with_the_definition) {
    for (std::size_t N = 0; N <= 100; ++N) check_all_transposes(13, N, 3);
}

TEST(every_depth_agrees_with_the_definition) {
    for (std::size_t K = 0; K <= 40; ++K) check_all_transposes(13, 17, K);
    for (const std::size_t K : {255u, 256u, 257u, 511u, 513u, 784u, 1031u}) {
        check_all_transposes(13, 17, K);
    }
}

TEST(tall_wide_and_deep_products_agree_for_every_thread_count) {
    for (const std::size_t threads : {1u, 2u, 3u, 7u}) {
        const Threads use(threads);
        check_all_transposes(1031, 10, 67);
        check_all_transposes(1031, 1, 67);
        check_all_transposes(10, 1031, 67);
        check_all_transposes(1, 1031, 67);
        check_all_transposes(37, 41, 1031);
        check_all_transposes(512, 70, 150);  // a row stride of 2 KB
        check_all_transposes(128, 64, 130);
    }
}

TEST(beta_zero_ignores_the_old_contents_of_the_result) {
    const Factors factors(13, 35, 7, false, false);
    Matrix clean, dirty(13, 35, nan_value), other_shape(2, 3, nan_value);
    gemm(factors.a, factors.b, clean);
    gemm(factors.a, factors.b, dirty);
    gemm(factors.a, factors.b, other_shape);
    check(dirty == clean);
    check(other_shape == clean);
    for (const float value : clean.values()) check(!std::isnan(value));
}

TEST(beta_scales_the_old_contents_of_the_result) {
    for (const float beta : {1.0f, -1.0f, 0.3f}) {
        for (const std::size_t N : {10u, 32u, 75u}) {
            for (const std::size_t K : {0u, 1u, 300u}) {
                const Factors factors(29, N, K, true, false);
                check_close_to_naive(factors, random_matrix(29, N, 3), beta);
            }
        }
    }
}

TEST(a_product_without_terms_is_zero) {
    Matrix c(3, 4, nan_value);
    gemm(Matrix(3, 0), Matrix(0, 4), c);
    check(c == Matrix(3, 4, 0.0f));
    c.fill(nan_value);
    gemm_naive(Matrix(3, 0), Matrix(0, 4), c);
    check(c == Matrix(3, 4, 0.0f));
}

TEST(a_product_without_rows_or_columns_is_empty) {
    Matrix c(3, 4);
    gemm(Matrix(0, 5), Matrix(5, 4), c);
    check_equal(str_cat(shape(c)), "0x4");
    gemm(Matrix(3, 5), Matrix(5, 0), c);
    check_equal(str_cat(shape(c)), "3x0");
}

TEST(nan_and_infinity_spread_along_their_row_or_column_only) {
    Factors factors(20, 40, 9, false, false);
    factors.stored_a(4, 3) = nan_value;
    factors.stored_b(2, 37) = std::numeric_limits<float>::infinity();
    Matrix c;
    gemm(factors.a, factors.b, c);
    for (std::size_t row = 0; row < 20; ++row) {
        for (std::size_t column = 0; column < 40; ++column) {
            check_equal(std::isnan(c(row, column)), row == 4);
            if (row != 4) check_equal(std::isinf(c(row, column)), column == 37);
        }
    }
}

TEST(the_error_for_mismatched_shapes_names_both) {
    Matrix c(2, 2, 7.0f);
    check_throws([&] { gemm(Matrix(64, 784), Matrix(512, 10), c); }, "64x784");
    check_throws([&] { gemm(Matrix(64, 784), Matrix(512, 10), c); }, "512x10");
    check_throws([&] { gemm(transposed(Matrix(4, 3)), Matrix(3, 5), c); }, "3x4");
    check_throws([&] { gemm(Matrix(4, 3), Matrix(3, 5), c, 1.0f); }, "4x5");
    check_throws([&] { gemm(Matrix(4, 3), Matrix(3, 5), c, 1.0f); }, "2x2");
    check_throws([&] { gemm_naive(Matrix(4, 3), Matrix(4, 3), c); }, "4x3");
    check(c == Matrix(2, 2, 7.0f));
}

TEST(the_result_must_not_be_a_factor) {
    Matrix square(3, 3, 1.0f);
    const Matrix other(3, 3, 1.0f);
    check_throws([&] { gemm(square, other, square); }, "must not be one of the factors");
    check_throws([&] { gemm(other, transposed(square), square); },
                 "must not be one of the factors");
    check_throws([&] { gemm_naive(square, other, square); }, "must not be one of the factors");
}

}  // namespace
}  // namespace digits
