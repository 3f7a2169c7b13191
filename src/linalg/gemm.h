// The matrix product, C = A * B: the one hot loop of the book. (GEMM: general matrix multiply.)
#pragma once

#include "linalg/matrix.h"

namespace digits {

// One factor of a product: a matrix as it is stored, or transposed. A view; it copies nothing.
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
// resized and what it held is ignored; with any other beta it must be (M, N) already. c must be
// neither a nor b. Each element of c is summed in one fixed order: the same bits for every thread
// count. Terms in which a is zero may be left out; that changes no bit unless b is infinite or not
// a number there. Throws std::invalid_argument when the shapes do not fit.
void gemm(MatrixRef a, MatrixRef b, Matrix& c, float beta = 0.0f);

// The same by the definition, c[m][n] = sum over k of a[m][k] * b[k][n]: three loops, summed in
// double. Slow and evidently right, it is what gemm() is tested against.
void gemm_naive(MatrixRef a, MatrixRef b, Matrix& c, float beta = 0.0f);

}  // namespace digits
