// SIMD vectors of floats for gemm(): load, store, multiply-add, and copying and transposing blocks.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstring>
#include <utility>

namespace digits::detail {

// Vector: `lanes` floats that are added and multiplied by one instruction. GCC and Clang have a
// vector type; with other compilers, or if DIGITS_PLAIN_GEMM is defined, an array replaces it.
#if defined(__GNUC__) && !defined(DIGITS_PLAIN_GEMM)

#if defined(__AVX512F__)
constexpr const char* instructions = "AVX-512";
constexpr std::size_t lanes = 16, registers = 32;
#elif defined(__AVX__)
constexpr const char* instructions = "AVX";
constexpr std::size_t lanes = 8, registers = 16;
#elif defined(__aarch64__)
constexpr const char* instructions = "NEON";
constexpr std::size_t lanes = 4, registers = 32;
#else
constexpr const char* instructions = "128-bit vectors";
constexpr std::size_t lanes = 4, registers = 16;
#endif

typedef float Vector __attribute__((vector_size(lanes * sizeof(float))));

// sum += factor * vector, fused (one rounding instead of two) if the machine has such an
// instruction.
inline void add_product(Vector& sum, float factor, const Vector& vector) {
    sum += factor * vector;
}

#else

constexpr const char* instructions = "plain C++";
constexpr std::size_t lanes = 8, registers = 16;

struct Vector {
    float lane[lanes];
    float operator[](std::size_t i) const { return lane[i]; }
};

inline Vector operator*(float factor, Vector vector) {
    for (float& lane : vector.lane) lane *= factor;
    return vector;
}

inline void operator+=(Vector& sum, const Vector& term) {
    for (std::size_t i = 0; i < lanes; ++i) sum.lane[i] += term.lane[i];
}

inline void add_product(Vector& sum, float factor, const Vector& vector) {
    for (std::size_t i = 0; i < lanes; ++i) {
#if defined(FP_FAST_FMAF)
        sum.lane[i] = std::fma(factor, vector.lane[i], sum.lane[i]);
#else
        sum.lane[i] += factor * vector.lane[i];
#endif
    }
}

#endif

inline Vector load(const float* from) {
    Vector vector;
    std::memcpy(&vector, from, sizeof vector);
    return vector;
}

inline void store(float* to, const Vector& vector) {
    std::memcpy(to, &vector, sizeof vector);
}

// Transposing a square, here 4 x 4: the quarters at the upper right and the lower left trade
// places, and then the same happens within each quarter. log2(lanes) rounds, `lanes` shuffles each.
//
//     0  1 | 2  3       0  1 | 8  9       0  4 | 8 12
//     4  5 | 6  7       4  5 |12 13       1  5 | 9 13
//     -----+-----  -->  -----+-----  -->  -----+-----
//     8  9 |10 11       2  3 |10 11       2  6 |10 14
//    12 13 |14 15       6  7 |14 15       3  7 |11 15
//      half = 2           half = 1

// One row of a round. If `first`, lane j of the result is b[j - half] if j has the bit
// `half` set, and otherwise a[j]; if not `first`, it is b[j] or a[j + half]. Compilers turn this
// into a shuffle instruction.
template <std::size_t half, bool first, std::size_t... j>
Vector exchange(Vector a, Vector b, std::index_sequence<j...>) {
    if constexpr (first) {
        return Vector{((j & half) != 0 ? b[j ^ half] : a[j])...};
    } else {
        return Vector{((j & half) != 0 ? b[j] : a[j ^ half])...};
    }
}

// Swaps the upper right and the lower left quarter of each square of (2 half) x (2 half) on the
// diagonal, and then recursively in the quarters.
template <std::size_t half>
void swap_quarters(Vector (&row)[lanes]) {
    constexpr std::make_index_sequence<lanes> all;
#pragma GCC unroll 16
    for (std::size_t i = 0; i < lanes; ++i) {
        if ((i & half) != 0) continue;
        const Vector upper = row[i], lower = row[i + half];
        row[i] = exchange<half, true>(upper, lower, all);
        row[i + half] = exchange<half, false>(upper, lower, all);
    }
    if constexpr (half > 1) swap_quarters<half / 2>(row);
}

// Transposes a square of `lanes` rows and columns with a few shuffles per row, where copying single
// numbers would take `lanes` loads and stores.
inline void transpose_square(const float* from, std::size_t from_stride, float* to,
                             std::size_t to_stride) {
    Vector row[lanes];
#pragma GCC unroll 16
    for (std::size_t i = 0; i < lanes; ++i) row[i] = load(from + i * from_stride);
    swap_quarters<lanes / 2>(row);
#pragma GCC unroll 16
    for (std::size_t i = 0; i < lanes; ++i) store(to + i * to_stride, row[i]);
}

// Packing: copies parts of a factor into contiguous memory, where the kernel reads them faster. A
// stride is the distance from one row to the next.

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

// Row r of `from` becomes column r of `to`: squares by shuffles, the rest number by number.
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
        // A square at the right edge reads into the next rows, but must not read past the last row.
        const std::size_t square_end = (r + lanes - 1) * from_stride + square_columns + lanes;
        if (square_end > (rows - 1) * from_stride + columns) break;
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
