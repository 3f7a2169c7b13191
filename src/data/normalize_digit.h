// Normalizes an image of a digit as MNIST does: crop, scale, centre by mass.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "formats/image.h"

namespace digits {

// The recipe of MNIST (LeCun, Bottou, Bengio and Haffner, "Gradient-Based Learning Applied to
// Document Recognition", 1998, section III A), for an image of rows x columns, 28 x 28 for MNIST:
// the ink is cropped, scaled to fit a box of 20/28 of that with its aspect ratio kept, and the box
// is placed so that the centre of mass of the ink lies in the middle. Before that, the ink is told
// from paper, shadows, lines and frames (find_ink.h), and strokes that would become narrower than
// two pixels are thickened. Returns ink, 0 ... 255, as a Dataset has it. Throws std::runtime_error,
// which begins with `name`, if there is no ink.
std::vector<std::uint8_t> normalize_digit(const GrayImage& image, std::size_t rows,
                                          std::size_t columns, const std::string& name);

// How many pieces of ink of like height stand side by side: several digits, if more than one.
// Throws like normalize_digit().
std::size_t digits_side_by_side(const GrayImage& image, const std::string& name);

// By how many pixels to move ink along one axis so that its centre of mass, rounded, comes to lie
// on pixel size / 2, as in MNIST; less if its first or last pixel would leave the image.
std::ptrdiff_t centring_shift(double centre_of_mass, std::ptrdiff_t first, std::ptrdiff_t last,
                              std::ptrdiff_t size);

}  // namespace digits
