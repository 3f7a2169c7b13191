// Copies pieces of a factor to where the innermost loop of the product reads them fast.
#pragma once

#include <cstddef>
#include <cstring>

#include "math/gemm_vector.h"

namespace digits::detail {

// All strides are distances from one row to the next.

inline void copy_row(const float* from, std::size_t size, float* to) {
    std::size_t i = 0;
    for (; i + lanes <= size; i += lanes) store(to + i, load(from + i));
    for (; i < size; ++i) to[i] = from[i];
}

inline void copy_rows(const float* from, std::size_t from_stride, std::size_t rows,
                      std::size_t columns, float* to, std::size_t to_stride) {
    if (columns == from_stride && columns == to_stride) {
        std::memcpy(to, from, rows * columns * sizeof(float));
        return;
    }
    for (std::size_t r = 0; r < rows; ++r) {
        copy_row(from + r * from_stride, columns, to + r * to_stride);
    }
}

// Row r of `from` becomes column r of `to`: in squares, and what is left number by number.
inline void copy_transposed(const float* from, std::size_t from_stride, std::size_t rows,
                            std::size_t columns, float* to, std::size_t to_stride) {
    const std::size_t square_columns = columns - columns % lanes;
    std::size_t r = 0;
    for (; r + lanes <= rows; r += lanes) {
        const float* const source = from + r * from_stride;
        for (std::size_t c = 0; c < square_columns; c += lanes) {
            transpose_square(source + c, from_stride, to + c * to_stride + r, to_stride);
        }
        if (square_columns == columns) continue;
        // A square at the right edge reaches into the rows below, but never beyond the last.
        const std::size_t behind_square = (r + lanes - 1) * from_stride + square_columns + lanes;
        if (behind_square > (rows - 1) * from_stride + columns) break;
        alignas(64) float square[lanes * lanes];
        transpose_square(source + square_columns, from_stride, square, lanes);
        for (std::size_t c = square_columns; c < columns; ++c) {
            store(to + c * to_stride + r, load(square + (c - square_columns) * lanes));
        }
    }
    for (std::size_t c = 0; c < columns; ++c) {
        for (std::size_t i = r; i < rows; ++i) {
            to[c * to_stride + i] = from[i * from_stride + c];
        }
    }
}

}  // namespace digits::detail
