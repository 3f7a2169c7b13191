// Bitwise reproducibility of gemm(): the same bits for all block sizes and thread counts.
#include <cmath>
#include <cstddef>
#include <cstring>
#include <limits>
#include <thread>
#include <vector>

#include "check.h"
#include "linalg/gemm.h"
#include "random_factors.h"
#include "util/parallel.h"

namespace digits {
namespace {

using testing::check;
using testing::Factors;

struct Threads {
    explicit Threads(std::size_t count) { set_thread_count(count); }
    ~Threads() { set_thread_count(0); }
};

// Equal to the last bit; unlike ==, this tells 0 from -0 and finds a NaN equal to itself.
bool same_bits(const Matrix& left, const Matrix& right) {
    return left.rows() == right.rows() && left.columns() == right.columns() &&
           (left.size() == 0 ||
            std::memcmp(left.data(), right.data(), left.size() * sizeof(float)) == 0);
}

TEST(the_bits_are_the_same_for_every_thread_count) {
    struct Shape {
        std::size_t M, N, K;
    };
    for (const auto& [M, N, K] : {Shape{128, 512, 784}, Shape{128, 10, 512}, Shape{512, 10, 128},
                                  Shape{257, 301, 409}, Shape{2003, 31, 37}, Shape{31, 2003, 37},
                                  Shape{128, 512, 10}, Shape{1, 4099, 300}, Shape{512, 130, 600}}) {
        for (const bool transpose_a : {false, true}) {
            for (const bool transpose_b : {false, true}) {
                const Factors factors(M, N, K, transpose_a, transpose_b);
                set_thread_count(1);
                Matrix alone;
                gemm(factors.a, factors.b, alone);
                for (const std::size_t threads : {2u, 3u, 7u}) {
                    const Threads use(threads);
                    Matrix together(M, N, std::numeric_limits<float>::quiet_NaN());
                    gemm(factors.a, factors.b, together);
                    check(same_bits(together, alone));
                }
            }
        }
    }
}

// So all machines with a fused multiply-add give the same bits, whatever the size of their vectors
// and caches. Machines without one also round each product, which gives the second sum.
void check_order_of_sums(std::size_t M, std::size_t N, std::size_t K, bool transpose_a,
                         bool transpose_b) {
    const Factors factors(M, N, K, transpose_a, transpose_b);
    Matrix fused(M, N), plain(M, N), actual;
    for (std::size_t m = 0; m < M; ++m) {
        for (std::size_t n = 0; n < N; ++n) {
            for (std::size_t k = 0; k < K; ++k) {
                const float a = factors.a(m, k), b = factors.b(k, n);
                fused(m, n) = std::fma(a, b, fused(m, n));
                const volatile float product = a * b;
                plain(m, n) += product;
            }
        }
    }
    gemm(factors.a, factors.b, actual);
    check(same_bits(actual, fused) || same_bits(actual, plain));
}

TEST(each_element_is_summed_from_the_first_k_to_the_last) {
    for (const bool transpose_a : {false, true}) {
        for (const bool transpose_b : {false, true}) {
            check_order_of_sums(29, 75, 1031, transpose_a, transpose_b);
            check_order_of_sums(133, 7, 67, transpose_a,
                                transpose_b);  // the last strip has one row
            check_order_of_sums(1, 10, 67, transpose_a, transpose_b);
        }
    }
}

TEST(several_threads_may_call_gemm_at_once) {
    const Factors factors(128, 128, 784, false, true);
    Matrix expected;
    gemm(factors.a, factors.b, expected);
    std::vector<Matrix> results(4);
    std::vector<std::thread> callers;
    for (Matrix& result : results) {
        callers.emplace_back([&] {
            for (int round = 0; round < 5; ++round) gemm(factors.a, factors.b, result);
        });
    }
    for (std::thread& caller : callers) caller.join();
    for (const Matrix& result : results) check(same_bits(result, expected));
}

}  // namespace
}  // namespace digits
