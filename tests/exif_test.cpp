#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "check.h"
#include "formats/image.h"
#include "png_builder.h"
#include "png_pixels.h"

namespace digits {
namespace {

using testing::Bytes;
using testing::check_equal;
using testing::from_hexadecimal;
using testing::joined;
using testing::pixels;
using testing::png_chunk;
using testing::PngBuilder;

// Exif data with this orientation as the second of two entries.
Bytes exif(const std::string& byte_order, unsigned orientation) {
    const bool is_little = byte_order == "II";
    Bytes data = testing::from_text(byte_order);
    const auto append = [&](std::size_t number, std::size_t size) {
        for (std::size_t i = 0; i < size; ++i) {
            data.push_back(
                static_cast<std::uint8_t>(number >> 8 * (is_little ? i : size - 1 - i) & 0xff));
        }
    };
    append(42, 2);
    append(8, 4);  // where the directory begins
    append(2, 2);
    for (const std::size_t number : {0x10fu, 2u}) append(number, 2);  // the maker, as text
    for (const std::size_t number : {2u, 0u}) append(number, 4);
    for (const std::size_t number : {0x112u, 3u}) append(number, 2);
    append(1, 4);
    append(orientation, 2);
    append(0, 2);
    append(0, 4);  // there is no further directory
    return data;
}

TEST(images_are_turned_as_their_exif_orientation_says) {
    // 1 2 3
    // 4 5 6
    PngBuilder image{.width = 3, .height = 2, .rows = from_hexadecimal("00 010203 00 040506")};
    const std::array<const char*, 10> expected{
        "1 2 3 4 5 6", "1 2 3 4 5 6", "3 2 1 6 5 4", "6 5 4 3 2 1", "4 5 6 1 2 3",
        "1 4 2 5 3 6", "4 1 5 2 6 3", "6 3 5 2 4 1", "3 6 2 5 1 4", "1 2 3 4 5 6"};
    for (unsigned orientation = 0; orientation < expected.size(); ++orientation) {
        for (const std::string order : {"II", "MM"}) {
            image.before = png_chunk("eXIf", exif(order, orientation));
            check_equal(pixels(image), expected[orientation]);
            check_equal(decode_png(image.file(), "test").width,
                        orientation >= 5 && orientation <= 8 ? 2u : 3u);
        }
    }
    // The first one counts, also after the name that it has in JPEG files.
    const Bytes named = joined(from_hexadecimal("457869660000"), exif("MM", 3));
    image.before = joined(png_chunk("eXIf", named), png_chunk("eXIf", exif("II", 2)));
    check_equal(pixels(image), expected[3]);
    // Damaged data is ignored, wherever it ends.
    const Bytes whole = exif("II", 3);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        image.before =
            png_chunk("eXIf", {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
        check_equal(pixels(image), expected[size >= 32 ? 3 : 1]);
    }
}

}  // namespace
}  // namespace digits
