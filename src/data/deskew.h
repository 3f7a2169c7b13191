// A layer that learns nothing: it straightens handwriting that leans.
#pragma once

#include <cstddef>
#include <span>

#include "linalg/matrix.h"

namespace digits {

// How far the ink of an image leans: the columns that it moves to the right with each row further
// down, by least squares over all of its ink. The image is rows * columns values, row after row,
// none of them negative. 0 for one that is blank, or has ink in one row only. Throws
// std::invalid_argument when there are more or fewer values.
double slant(std::span<const float> image, std::size_t rows, std::size_t columns);

// Moves each row of an image sideways, by one column more with each row at the most, so that its
// ink leans no more and its centre of mass stays where it is (LeCun, Bottou, Bengio and Haffner,
// "Gradient-Based Learning Applied to Document Recognition", 1998, who call it deslanting, and
// their data set deslanted). What comes from outside of the image is 0.
class Deskew {
public:
    // Throws std::invalid_argument for images of no size.
    Deskew(std::size_t rows, std::size_t columns);

    std::size_t rows() const { return rows_; }
    std::size_t columns() const { return columns_; }

    // X (B, rows * columns), none of it negative -> Y of the same shape. Throws
    // std::invalid_argument when X has another one.
    void forward(const Matrix& input, Matrix& output) const;

    // There is nothing to learn, and the derivative by the image, whose slant depends on every
    // pixel, is not computed: throws std::invalid_argument when it is asked for.
    void backward(const Matrix& input, const Matrix& output, const Matrix& grad_output,
                  Matrix* grad_input) const;

private:
    std::size_t rows_, columns_;
};

}  // namespace digits
