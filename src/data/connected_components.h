// Connected components of an image of ink.
#pragma once

#include <cstddef>
#include <vector>

namespace digits {

// An image of ink from 0 to 1, row after row.
struct InkImage {
    std::size_t width = 0;
    std::size_t height = 0;
    std::vector<float> values;

    InkImage(std::size_t w, std::size_t h) : width(w), height(h), values(w * h) {}
    float& operator()(std::size_t x, std::size_t y) { return values[y * width + x]; }
    float operator()(std::size_t x, std::size_t y) const { return values[y * width + x]; }
};

InkImage transposed(const InkImage& ink);

// Pixels with ink that touch at a side or at a corner are connected.
struct Component {
    std::vector<std::size_t> pixels{};  // indices into InkImage::values
    double amount = 0.0;                // the sum of the ink
    // The bounding box. The last row and column still have ink.
    std::size_t left = 0, right = 0, top = 0, bottom = 0;

    std::size_t width() const { return right - left + 1; }
    std::size_t height() const { return bottom - top + 1; }
};

std::vector<Component> connected_components(const InkImage& ink);

// Is it the outline or the area of a rectangle, upright or turned by up to 20 degrees? A line is
// one, too. `enclosed` is the area in pixels within its
// left and right ends in each row, itself included.
struct RectangleFit {
    bool is_rectangle = false;
    double enclosed = 0.0;
};
RectangleFit fit_rectangle(const Component& component, std::size_t image_width);

}  // namespace digits
