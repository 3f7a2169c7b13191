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

// Row r of `from` becomes column r of `to`: in squares, and the ragged edges number by number.
inline void copy_transposed(const float* from, std::size_t from_stride, std::size_t rows,
                            std::size_t columns, float* to, std::size_t to_stride) {
    const std::size_t square_rows = rows - rows % lanes;
    const std::size_t square_columns = columns - columns % lanes;
    for (std::size_t r = 0; r < square_rows; r += lanes) {
        for (std::size_t c = 0; c < square_columns; c += lanes) {
            transpose_square(from + r * from_stride + c, from_stride, to + c * to_stride + r,
                             to_stride);
        }
    }
    for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t c = r < square_rows ? square_columns : 0; c < columns; ++c) {
            to[c * to_stride + r] = from[r * from_stride + c];
        }
    }
}

}  // namespace digits::detail
