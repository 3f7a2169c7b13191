// PNG encoder: grayscale and palette images, uncompressed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "formats/image.h"

namespace digits {

// An image whose pixels are indices into a palette.
struct PaletteImage {
    std::size_t width = 0;
    std::size_t height = 0;
    std::vector<std::uint8_t> pixels;  // height * width, row-major, the top row first
    std::array<std::array<std::uint8_t, 3>, 256> palette{};  // red, green, blue
};

// A complete PNG file (ISO/IEC 15948) with 8 bits per pixel, uncompressed. Throws
// std::invalid_argument if there are no pixels, if there are more than a PNG file may have, or if
// their number is not width * height.
std::vector<std::uint8_t> encode_png(const GrayImage& image);
std::vector<std::uint8_t> encode_png(const PaletteImage& image);

// Throws std::runtime_error if the file cannot be written.
void write_png(const std::filesystem::path& path, const GrayImage& image);

}  // namespace digits
