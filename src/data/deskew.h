// Deskewing: shears slanted handwriting upright, by the slant of its ink.
#pragma once

#include <cstddef>
#include <span>

#include "linalg/matrix.h"

namespace digits {

// The slant of an image: how many columns its ink moves to the right per row downwards, by least
// squares over all of the ink. The image is rows * columns non-negative values, row after row. 0
// for a blank image and for ink in only one row. Throws std::invalid_argument for a different
// number of values.
double slant(std::span<const float> image, std::size_t rows, std::size_t columns);

// Deskews each row of `images` (B, rows * columns), non-negative, in place: shifts every line of
// pixels sideways, by at most one column more with each line, so that the slant becomes 0 and the
// centre of mass stays where it is (LeCun, Bottou, Bengio and Haffner, "Gradient-Based Learning
// Applied to Document Recognition", 1998, who call it deslanting). Pixels from outside the image
// are 0. Throws std::invalid_argument when the images are of a different size.
void deskew(std::size_t rows, std::size_t columns, Matrix& images);

}  // namespace digits
