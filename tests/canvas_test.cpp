#include <string>
#include <vector>

#include "check.h"
#include "formats/image.h"
#include "png_builder.h"
#include "png_pixels.h"

namespace digits {
namespace {

using testing::Bytes;
using testing::check;
using testing::check_equal;
using testing::from_hexadecimal;
using testing::joined;
using testing::pixels;
using testing::png_chunk;
using testing::PngBuilder;

// White ink in the second of three pixels, on transparent white.
std::vector<PngBuilder> white_on_transparent() {
    const auto row = [](const char* bytes) { return from_hexadecimal(bytes); };
    const Bytes colours = png_chunk("PLTE", row("ffffff fdfdfd"));
    return {{.width = 3, .colour_type = 4, .rows = row("00 ff00 ffff ff00")},
            {.width = 3, .colour_type = 6, .rows = row("00 ffffff00 ffffffff 00000000")},
            {.width = 3, .rows = row("00 fe ff fe"), .before = png_chunk("tRNS", row("00fe"))},
            {.width = 3,
             .colour_type = 2,
             .rows = row("00 fffffe ffffff fffffe"),
             .before = png_chunk("tRNS", row("00ff 00ff 00fe"))},
            {.width = 3,
             .colour_type = 3,
             .rows = row("00 00 01 00"),
             .before = joined(colours, png_chunk("tRNS", row("00")))}};
}

TEST(where_colours_show_nothing_the_image_is_in_the_opacity) {
    for (const PngBuilder& image : white_on_transparent()) {
        check_equal(pixels(image), "255 0 255");  // black ink on white paper
    }
    // Half-transparent ink is grey.
    check_equal(pixels({.width = 2, .colour_type = 4, .rows = from_hexadecimal("00 ff80 ff00")}),
                "127 255");
    // Colours that show something count, as before.
    check_equal(pixels({.width = 2, .colour_type = 4, .rows = from_hexadecimal("00 c8ff ff00")}),
                "200 255");
    check_equal(pixels({.width = 2, .colour_type = 4, .rows = from_hexadecimal("00 ffff ffff")}),
                "255 255");
}

TEST(on_black_paper_white_ink_stays_white_and_transparent_pixels_are_black) {
    for (const PngBuilder& image : white_on_transparent()) {
        const std::string found = pixels(image, Paper::black);
        check(found == "0 255 0" || found == "0 253 0");
    }
    // Black ink would show nothing: its opacity does.
    check_equal(pixels({.width = 2, .colour_type = 4, .rows = from_hexadecimal("00 00ff 0000")},
                       Paper::black),
                "255 0");
    check_equal(pixels({.width = 2, .rows = from_hexadecimal("00 0001")}, Paper::black), "0 1");
}

}  // namespace
}  // namespace digits
