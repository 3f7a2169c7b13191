// Image layout: where the ink lies in the images of a data set. A network reads a photo well only
// if the photo is formed like the images that it was trained on.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "data/dataset.h"

namespace digits {

struct ImageLayout {
    // whole: place and size of the ink differ from image to image, and may have a meaning.
    enum class Kind { unknown, whole, centred_by_mass, centred_by_box };
    Kind kind = Kind::unknown;
    // Centred: the ink of every image is as large as fits into a box of this size, in pixels, and
    // its centre of mass, or the middle of its bounding box, lies in the middle of the image.
    std::size_t box_rows = 0;
    std::size_t box_columns = 0;

    bool operator==(const ImageLayout&) const = default;
};

// That of MNIST, a box of 20/28 of the image, which is 20 x 20 of 28 x 28, centred by mass.
ImageLayout mnist_layout(std::size_t rows, std::size_t columns);

// Measures the bounding box and the centre of mass of the ink in the images, or, of more than
// 10,000, in that many evenly spread over the data set. They are centred if nine of ten images
// agree to the pixel, and if the box leaves a border. Images without ink do not count; `whole` if
// there are no others.
ImageLayout measure_layout(const Dataset& data);

// "20x20 centred by mass" (rows x columns), "whole" or "unknown"; and back, if it is one of the
// first two kinds.
std::string to_text(const ImageLayout& layout);
std::optional<ImageLayout> parse_layout(std::string_view words, std::size_t rows,
                                        std::size_t columns);

}  // namespace digits
