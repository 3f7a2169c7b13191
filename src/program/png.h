// Writes grey pictures as PNG files, and lays out digits as a page of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "data/dataset.h"
#include "data/grey_picture.h"

namespace digits {

// Pixels that are numbers of colours.
struct PalettePicture {
    std::size_t width = 0;
    std::size_t height = 0;
    std::vector<std::uint8_t> pixels;  // height * width, row after row, the top one first
    std::array<std::array<std::uint8_t, 3>, 256> palette{};  // red, green, blue
};

// A complete PNG file (ISO/IEC 15948) with 8 bits per pixel. It is not compressed. Throws
// std::invalid_argument when there are no pixels, more than a PNG file may have, or another number
// of them than width * height.
std::vector<std::uint8_t> png_bytes(const GreyPicture& picture);
std::vector<std::uint8_t> png_bytes(const PalettePicture& picture);

// Throws std::runtime_error when the file cannot be written.
void write_png(const std::filesystem::path& path, const GreyPicture& picture);

// The pictures with these indices as a page, `per_row` beside each other with one pixel of white
// between and around them; ink is dark on white paper. The last row may be shorter.
GreyPicture page_of_pictures(const Dataset& data, std::span<const std::size_t> indices,
                             std::size_t per_row);

}  // namespace digits
