// GEMM (general matrix multiply): C = A * B + beta * C, where training spends most of its time.
#pragma once

#include "linalg/matrix.h"

namespace digits {

// A matrix as it is stored, or transposed: one factor of a product. A view, without a copy.
struct MatrixRef {
    MatrixRef(const Matrix& stored)
        : matrix(stored) {}  // implicit, so that gemm(X, W, Z) reads as algebra

    std::size_t rows() const { return is_transposed ? matrix.columns() : matrix.rows(); }
    std::size_t columns() const { return is_transposed ? matrix.rows() : matrix.columns(); }
    float operator()(std::size_t row, std::size_t column) const {
        return is_transposed ? matrix(column, row) : matrix(row, column);
    }

    const Matrix& matrix;
    bool is_transposed = false;
};

inline MatrixRef transposed(MatrixRef factor) {
    factor.is_transposed = !factor.is_transposed;
    return factor;
}

// c = a * b + beta * c, with a (M, K), b (K, N) and c (M, N). With beta = 0, the default, c is
// resized and its old contents are ignored; with any other beta it must already be (M, N). c must
// be neither a nor b. Each element of c is summed in a fixed order, so every thread count gives the
// same bits. Terms in which a is zero may be skipped; that changes no bit unless b is infinite or
// NaN there. Throws std::invalid_argument if the shapes do not match.
void gemm(MatrixRef a, MatrixRef b, Matrix& c, float beta = 0.0f);

// The same by definition, c[m][n] = sum over k of a[m][k] * b[k][n]: three loops, summed in double.
// Slow and evidently correct: gemm() is tested against it.
void gemm_naive(MatrixRef a, MatrixRef b, Matrix& c, float beta = 0.0f);

}  // namespace digits
