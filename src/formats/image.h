// Grayscale images, and decoders for PGM and PNG files.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace digits {

// Brightness, as in image files: 0 is black, 255 is white. (In a Dataset, 255 is full ink.)
struct GrayImage {
    std::size_t width = 0;
    std::size_t height = 0;
    std::vector<std::uint8_t> pixels;  // height * width, row-major, the top row first
};

// A header that claims more pixels is rejected. A page scanned at 600 dots per inch has half as
// many.
inline constexpr std::size_t max_pixels = std::size_t{1} << 26;

// The format is detected from the first bytes: PGM, as text (P2) or binary (P5), or PNG. All
// decoders throw std::runtime_error, which begins with `name` and says what was expected, what was
// found and what to do next. They allocate no more than what the file's actual pixels need.
GrayImage decode_image(std::span<const std::uint8_t> bytes, const std::string& name);

// PGM, the portable graymap of Netpbm. Grey levels are scaled from the file's maximum to 0 ... 255.
GrayImage decode_pgm(std::span<const std::uint8_t> bytes, const std::string& name);

// The first bytes of every PNG file. They are designed to be damaged by any program that treats the
// file as text: a byte above 127, both kinds of line endings, and the end-of-file character of DOS.
inline constexpr std::array<std::uint8_t, 8> png_signature{0x89, 'P',  'N',  'G',
                                                           '\r', '\n', 0x1a, '\n'};

// PNG, Portable Network Graphics (ISO/IEC 15948), except interlaced images. Colours become the grey
// of the same brightness (ITU-R BT.601), and transparent pixels are blended with white paper.
GrayImage decode_png(std::span<const std::uint8_t> bytes, const std::string& name);

}  // namespace digits
