// Matrix: a row-major array of floats, for images, weights, activations and gradients.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <initializer_list>
#include <new>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "util/require.h"
#include "util/sizes.h"

namespace digits {

// An allocator for std::vector: the memory is aligned to a cache line of 64 bytes, which is also
// the size of the widest SIMD vector. Unaligned loads straddle two lines, and gemm() loses 7 % of
// its speed.
template <class T>
struct CacheAligned {
    using value_type = T;

    CacheAligned() = default;
    template <class U>
    CacheAligned(const CacheAligned<U>&) {}

    T* allocate(std::size_t count) {
        return static_cast<T*>(::operator new(count * sizeof(T), alignment));
    }
    void deallocate(T* memory, std::size_t) { ::operator delete(memory, alignment); }

    bool operator==(const CacheAligned&) const = default;

    static constexpr std::align_val_t alignment{64};
};

class Matrix {
public:
    Matrix() = default;

    Matrix(std::size_t rows, std::size_t columns, float value = 0.0f)
        : rows_(rows),
          columns_(columns),
          values_(checked_product(rows, columns, "matrix"), value) {}

    // Matrix{{1, 2, 3}, {4, 5, 6}} is 2x3.
    Matrix(std::initializer_list<std::initializer_list<float>> rows)
        : rows_(rows.size()), columns_(rows.size() == 0 ? 0 : rows.begin()->size()) {
        values_.reserve(size());
        for (const auto& row : rows) {
            require(row.size() == columns_, "matrix: a row has ", row.size(),
                    " values but the first has ", columns_);
            values_.insert(values_.end(), row.begin(), row.end());
        }
    }

    // A matrix that was moved from is empty, 0x0.
    Matrix(const Matrix&) = default;
    Matrix& operator=(const Matrix&) = default;
    Matrix(Matrix&& other) noexcept
        : rows_(std::exchange(other.rows_, 0)),
          columns_(std::exchange(other.columns_, 0)),
          values_(std::exchange(other.values_, {})) {}
    Matrix& operator=(Matrix&& other) noexcept {
        rows_ = std::exchange(other.rows_, 0);
        columns_ = std::exchange(other.columns_, 0);
        values_ = std::exchange(other.values_, {});
        return *this;
    }

    std::size_t rows() const { return rows_; }
    std::size_t columns() const { return columns_; }
    std::size_t size() const { return rows_ * columns_; }

    float& operator()(std::size_t row, std::size_t column) {
        assert(row < rows_ && column < columns_);
        return values_[row * columns_ + column];
    }
    float operator()(std::size_t row, std::size_t column) const {
        assert(row < rows_ && column < columns_);
        return values_[row * columns_ + column];
    }

    std::span<float> row(std::size_t index) {
        assert(index < rows_);
        return {data() + index * columns_, columns_};
    }
    std::span<const float> row(std::size_t index) const {
        assert(index < rows_);
        return {data() + index * columns_, columns_};
    }

    // All values in row-major order.
    std::span<float> values() { return values_; }
    std::span<const float> values() const { return values_; }
    float* data() { return values_.data(); }
    const float* data() const { return values_.data(); }

    // Afterwards the values are unspecified. The memory is kept, so a buffer that is resized in
    // every training step allocates only in the first one.
    void resize(std::size_t rows, std::size_t columns) {
        values_.resize(checked_product(rows, columns, "matrix"));
        rows_ = rows;
        columns_ = columns;
    }

    void fill(float value) { std::fill(values_.begin(), values_.end(), value); }

    bool operator==(const Matrix&) const = default;

private:
    std::size_t rows_ = 0;
    std::size_t columns_ = 0;
    std::vector<float, CacheAligned<float>> values_;
};

// A shape for error messages, printed as "64x784". The text is built only when it is printed.
struct MatrixShape {
    std::size_t rows, columns;

    bool operator==(const MatrixShape&) const = default;
    friend std::string to_text(MatrixShape shape) {
        return str_cat(shape.rows, "x", shape.columns);
    }
};

inline MatrixShape shape(const Matrix& matrix) {
    return {matrix.rows(), matrix.columns()};
}

inline bool have_same_shape(const Matrix& a, const Matrix& b) {
    return shape(a) == shape(b);
}

}  // namespace digits
