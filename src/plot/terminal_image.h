// Draws images as text in the terminal, side by side and each with a caption below it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace digits {

// A character is about twice as high as it is wide: it shows two pixels, one above the other, which
// preserves the aspect ratio.
enum class ImageStyle {
    color,   // dark ink on white paper in 26 greys: the character ▀ in the colour of the upper
             // pixel on the colour of the lower one
    blocks,  // whichever of ░ ▒ ▓ █ ▀ ▄ comes closest to the two pixels; no colour
    ascii    // the same with punctuation marks
};

// Returns the value of an environment variable, or null if it is not set.
using Environment = std::function<const char*(const char*)>;

// Whether text may have characters beyond ASCII: not if LC_ALL, LC_CTYPE or LANG names another
// encoding than UTF-8, such as C, POSIX or de_DE.ISO-8859-1.
bool output_is_utf8(const Environment& environment);

// Stands for TERM on a console of Windows that understands control sequences.
inline constexpr const char* windows_terminal = "windows";

// The style that suits the output: ASCII if that is not UTF-8; blocks for a file or a pipe; for a
// terminal colour, unless the user wants none (NO_COLOR, see no-color.org), where TERM
// ("xterm-256color") or COLORTERM says that there are 256 colours.
ImageStyle image_style(bool is_terminal, const Environment& environment);

struct CaptionedImage {
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::span<const std::uint8_t> ink;  // rows * columns, as a Dataset has them: 255 is ink
    std::string caption;                // one line of UTF-8: "4 predicted as 9 (87 %)"
};

// The images in rows, as many side by side as fit into `width` characters (at least one), captions
// centred below. Images larger than 40 x 40 pixels or wider than `width` are scaled down, captions
// longer than `width` are cut. Every line ends with a newline. Throws std::invalid_argument for an
// image without pixels or whose pixel count is not rows * columns, and for a width of 0.
std::string draw_images(std::span<const CaptionedImage> images, ImageStyle style,
                        std::size_t width);

}  // namespace digits
