// Brings any image of a digit into the form that the training images have.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "formats/image.h"

namespace digits {

// The recipe of MNIST (LeCun, Bottou, Bengio and Haffner, "Gradient-Based Learning Applied to
// Document Recognition", 1998, section III A), for an image of rows x columns, 28 x 28 for MNIST:
// the ink is cropped, scaled to fit a box of 20/28 of that with its aspect kept, and the box is
// placed so that the centre of mass of the ink lies in the middle. The background is what most of
// the edge is, whether light or dark; what differs from it no more than nine tenths of the edge do
// is no ink, and what differs most is full ink. A piece of ink that touches no other is left out
// when it has less than a twentieth of the largest one's, a speck, or when it reaches the edge and
// the largest does not, a line of the paper. Returns ink, 0 ... 255, as a Dataset has it. Throws
// std::runtime_error, which begins with `name`, when there is no ink.
std::vector<std::uint8_t> normalize_digit(const GrayImage& image, std::size_t rows,
                                          std::size_t columns, const std::string& name);

}  // namespace digits
