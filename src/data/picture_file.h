// Reads pictures that people make: PGM and PNG files, as grey.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "data/grey_picture.h"

namespace digits {

// Scans of a page at 600 dots an inch have half of it. A header that promises more is refused.
inline constexpr std::size_t most_pixels = std::size_t{1} << 26;

// The first bytes tell the format: PGM, as text (P2) or as bytes (P5), or PNG. All throw
// std::runtime_error, which begins with `name`, and says what was expected, what was found and what
// to do. They allocate no more than the pixels take that the bytes really hold.
GreyPicture parse_picture(std::span<const std::uint8_t> bytes, const std::string& name);

// The portable graymap of Netpbm. Levels are scaled from the file's maximum to 0 ... 255.
GreyPicture parse_pgm(std::span<const std::uint8_t> bytes, const std::string& name);

// Portable Network Graphics (ISO/IEC 15948), all but interlaced ones. Colours become the grey of
// the same brightness (ITU-R BT.601), and what is transparent shows white paper.
GreyPicture parse_png(std::span<const std::uint8_t> bytes, const std::string& name);

}  // namespace digits
