// Exif data has the structure of a TIFF file: the byte order, the number 42, and the position of a
// directory. A directory is the number of its entries, then the entries of 12 bytes: a tag, a type,
// the number of values, and the values, if they fit into 4 bytes.
#include "formats/exif.h"

#include <cstddef>
#include <utility>

#include "util/file.h"

namespace digits {

unsigned exif_orientation(std::span<const std::uint8_t> exif) {
    constexpr unsigned orientation_tag = 0x0112;
    constexpr std::size_t entry_size = 12;
    // In JPEG files, a name comes first. Some programs copy it into PNG files, too.
    constexpr std::string_view name("Exif\0\0", 6);
    if (as_characters(exif).starts_with(name)) exif = exif.subspan(name.size());
    const bool is_little = as_characters(exif).starts_with("II");
    if (!is_little && !as_characters(exif).starts_with("MM")) return 1;

    // The `count` bytes at `at`, as a number; 0 past the end.
    const auto number = [&](std::size_t at, std::size_t count) {
        std::size_t value = 0;
        if (at > exif.size() || count > exif.size() - at) return value;
        for (std::size_t i = 0; i < count; ++i) {
            value = value << 8 | exif[at + (is_little ? count - 1 - i : i)];
        }
        return value;
    };
    const std::size_t directory = number(4, 4);
    if (number(2, 2) != 42 || directory >= exif.size()) return 1;
    const std::size_t entries = number(directory, 2);
    for (std::size_t i = 0; i < entries; ++i) {
        const std::size_t entry = directory + 2 + i * entry_size;
        if (number(entry, 2) != orientation_tag) continue;
        const std::size_t orientation = number(entry + 8, 2);
        return orientation >= 1 && orientation <= 8 ? static_cast<unsigned>(orientation) : 1;
    }
    return 1;
}

GrayImage upright(GrayImage image, unsigned orientation) {
    if (orientation <= 1 || orientation > 8) return image;
    const std::size_t width = image.width, height = image.height;
    // Each is a choice of three: exchange rows and columns, count columns from the right, count
    // rows from the bottom.
    const bool is_turned = orientation >= 5;
    const bool from_right =
        orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    const bool from_bottom =
        orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    GrayImage turned{is_turned ? height : width, is_turned ? width : height, {}};
    turned.pixels.reserve(image.pixels.size());
    for (std::size_t y = 0; y < turned.height; ++y) {
        for (std::size_t x = 0; x < turned.width; ++x) {
            const std::size_t column = is_turned ? y : x, row = is_turned ? x : y;
            turned.pixels.push_back(image.pixels[(from_bottom ? height - 1 - row : row) * width +
                                                 (from_right ? width - 1 - column : column)]);
        }
    }
    return turned;
}

}  // namespace digits
