// Draws images in the terminal: rows of digits, each with a line of text beneath.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace digits {

// A character is about twice as high as it is wide, so each one shows two pixels, one above the
// other, and the proportions hold.
enum class ImageStyle {
    color,   // dark ink on white paper in 26 greys: the character ▀ in the colour of the upper
             // pixel on the colour of the lower one
    blocks,  // whichever of ░ ▒ ▓ █ ▀ ▄ comes closest to the two pixels; no colour
    ascii    // the same with punctuation marks
};

// What suits the output. A file or a pipe gets blocks. A terminal gets colour, unless the user asks
// for none (NO_COLOR, see no-color.org) or TERM says that it has none; and ASCII when its locale is
// not UTF-8. `environment` finds the value of a variable, null when it is not set.
ImageStyle image_style(
    bool is_terminal, const std::function<const char*(const char*)>& environment =
                          [](const char* name) { return std::getenv(name); });

struct CaptionedImage {
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::span<const std::uint8_t> ink;  // rows * columns, as a Dataset has them: 255 is ink
    std::string caption;                // one line of UTF-8, such as "4, read as 9 (87 %)"
};

// The images in rows, as many beside each other as fit into `width` characters (at least one),
// captions centred beneath. Images that are larger than 40 x 40 pixels or wider than `width` are
// scaled down, captions longer than `width` are cut. Every line ends with a newline. Throws
// std::invalid_argument for an image without pixels or with another number than rows * columns.
std::string draw_images(std::span<const CaptionedImage> images, ImageStyle style,
                        std::size_t width);

}  // namespace digits
