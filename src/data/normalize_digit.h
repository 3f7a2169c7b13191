// Turns a photo or drawing into an image like those of a data set: as MNIST does, by cropping,
// scaling and centring, or as a whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "data/image_layout.h"
#include "formats/image.h"

namespace digits {

// The recipe of MNIST (LeCun, Bottou, Bengio and Haffner, "Gradient-Based Learning Applied to
// Document Recognition", 1998, section III A), for an image of rows x columns, 28 x 28 for MNIST:
// the ink is cropped, scaled to fit the box of the layout, 20 x 20 for MNIST, with its aspect ratio
// kept, and placed so that its centre of mass, or its middle, lies in the middle. Before that, the
// ink is told from paper, shadows, lines and frames (find_ink.h), and strokes that would become
// narrower than two pixels are thickened. Returns ink, 0 ... 255, as a Dataset has it. Throws
// std::runtime_error, which begins with `name`, if there is no ink. If `pieces` is not null, it
// receives the number of pieces of like height that stand side by side: several digits, if more
// than one.
std::vector<std::uint8_t> normalize_digit(const GrayImage& image, std::size_t rows,
                                          std::size_t columns, const ImageLayout& layout,
                                          const std::string& name, std::size_t* pieces = nullptr);
inline std::vector<std::uint8_t> normalize_digit(const GrayImage& image, std::size_t rows,
                                                 std::size_t columns, const std::string& name) {
    return normalize_digit(image, rows, columns, mnist_layout(rows, columns), name);
}

// For images in which place and size of the ink have a meaning, as in Fashion-MNIST: scales the
// whole image to fit rows x columns, with its aspect ratio kept and background beside it. The
// background is the median of the border pixels; what differs most from it, black or white, is full
// ink. An image of this size that is light on black is returned unchanged. Throws as above.
std::vector<std::uint8_t> scale_whole_image(const GrayImage& image, std::size_t rows,
                                            std::size_t columns, const std::string& name);

// By how many pixels to move ink along one axis so that its centre of mass, rounded, comes to lie
// on pixel size / 2, as in MNIST; less if its first or last pixel would leave the image.
std::ptrdiff_t centring_shift(double centre_of_mass, std::ptrdiff_t first, std::ptrdiff_t last,
                              std::ptrdiff_t size);

}  // namespace digits
