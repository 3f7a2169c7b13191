// Canvas: where decoders put the pixels of an image, transparent ones included.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "formats/image.h"

namespace digits {

struct Pixel {
    double light = 0.0;    // 0 is black, 255 is white
    double opacity = 1.0;  // 0 is transparent
};

// The brightness of a colour (ITU-R BT.601), all from 0 to 255.
inline double luma(double red, double green, double blue) {
    return 0.299 * red + 0.587 * green + 0.114 * blue;
}

class Canvas {
public:
    Canvas(std::size_t width, std::size_t height, Paper paper);

    void set(std::size_t x, std::size_t y, const Pixel& pixel) {
        const std::size_t i = y * image_.width + x;
        const double light = pixel.light * pixel.opacity + paper_ * (1.0 - pixel.opacity);
        image_.pixels[i] = static_cast<std::uint8_t>(light + 0.5);
        if (pixel.opacity < 1.0) set_opacity(i, pixel.opacity);
    }

    // The finished image. Ends the use of the canvas.
    GrayImage take();

private:
    void set_opacity(std::size_t index, double opacity);

    GrayImage image_;
    double paper_;                       // its brightness
    std::vector<std::uint8_t> opacity_;  // of each pixel; empty if all are opaque
};

}  // namespace digits
