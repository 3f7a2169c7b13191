// Grayscale images, and decoders for PNG files and those of Netpbm: PBM, PGM, PPM and PAM.
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

// Files of images are read up to this size, enough for max_pixels of red, green, blue and opacity.
inline constexpr std::size_t max_image_bytes = 4 * max_pixels;

// What transparent pixels are blended with. Where everything is then nearly the same, such as white
// ink on transparent white, the image is in the opacity alone: opaque pixels become ink, which is
// black on white paper and white on black paper.
enum class Paper { white, black };

// The format is detected from the first bytes. Colours become the grey of the same brightness
// (ITU-R BT.601). All decoders throw std::runtime_error, which begins with `name` and says what was
// expected, what was found and what to do next. They allocate no more than what the file's actual
// pixels need.
GrayImage decode_image(std::span<const std::uint8_t> bytes, const std::string& name,
                       Paper paper = Paper::white);

// The formats of Netpbm: PBM (P1 or P4), PGM (P2, P5), PPM (P3, P6) and PAM (P7). If the file has
// several images, this is the first. Levels are scaled from the file's maximum to 0 ... 255.
GrayImage decode_netpbm(std::span<const std::uint8_t> bytes, const std::string& name,
                        Paper paper = Paper::white);

// The first bytes of every PNG file. They are designed to be damaged by any program that treats the
// file as text: a byte above 127, both kinds of line endings, and the end-of-file character of DOS.
inline constexpr std::array<std::uint8_t, 8> png_signature{0x89, 'P',  'N',  'G',
                                                           '\r', '\n', 0x1a, '\n'};

// PNG, Portable Network Graphics (ISO/IEC 15948). Rotated as its eXIf chunk says. What is
// unnecessary for the pixels may be damaged or superfluous, as libpng has it: chunks with wrong
// checksums, unless their type makes them critical, bytes after the compressed data, further rows.
GrayImage decode_png(std::span<const std::uint8_t> bytes, const std::string& name,
                     Paper paper = Paper::white);

}  // namespace digits
