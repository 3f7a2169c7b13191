// Grayscale images, and decoding of the files that hold them: PGM and PNG.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace digits {

// Light on screen, as files count it: 0 is black, 255 is white. (A Dataset counts ink instead.)
struct GrayImage {
    std::size_t width = 0;
    std::size_t height = 0;
    std::vector<std::uint8_t> pixels;  // height * width, row after row, the top one first
};

// Scans of a page at 600 dots an inch have half of it. A header that promises more is refused.
inline constexpr std::size_t most_pixels = std::size_t{1} << 26;

// The first bytes tell the format: PGM, as text (P2) or as bytes (P5), or PNG. All throw
// std::runtime_error, which begins with `name`, and says what was expected, what was found and what
// to do. They allocate no more than the pixels take that the bytes really hold.
GrayImage decode_image(std::span<const std::uint8_t> bytes, const std::string& name);

// The portable graymap of Netpbm. Levels are scaled from the file's maximum to 0 ... 255.
GrayImage decode_pgm(std::span<const std::uint8_t> bytes, const std::string& name);

// Portable Network Graphics (ISO/IEC 15948), all but interlaced ones. Colours become the grey of
// the same brightness (ITU-R BT.601), and what is transparent shows white paper.
GrayImage decode_png(std::span<const std::uint8_t> bytes, const std::string& name);

}  // namespace digits
