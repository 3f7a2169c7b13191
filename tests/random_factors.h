// Random matrices as factors of products, for tests of gemm().
#pragma once

#include <cstddef>
#include <cstdint>

#include "linalg/gemm.h"
#include "util/random.h"

namespace digits::testing {

inline Matrix random_matrix(std::size_t rows, std::size_t columns, std::uint64_t seed) {
    Matrix matrix(rows, columns);
    Random random(seed);
    for (float& value : matrix.values()) value = static_cast<float>(random.uniform(-1, 1));
    return matrix;
}

// The factors of an (M, K) x (K, N) product, stored as they are or transposed.
struct Factors {
    Factors(std::size_t M, std::size_t N, std::size_t K, bool transpose_a, bool transpose_b)
        : stored_a(transpose_a ? random_matrix(K, M, 1) : random_matrix(M, K, 1)),
          stored_b(transpose_b ? random_matrix(N, K, 2) : random_matrix(K, N, 2)),
          a(transpose_a ? transposed(stored_a) : MatrixRef(stored_a)),
          b(transpose_b ? transposed(stored_b) : MatrixRef(stored_b)) {}

    Factors(const Factors&) = delete;  // a and b are views of stored_a and stored_b

    Matrix stored_a, stored_b;
    MatrixRef a, b;
};

}  // namespace digits::testing
