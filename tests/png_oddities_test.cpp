// PNG files that break a rule: the expected results are those of libpng 1.6.39.
#include <string>

#include "check.h"
#include "formats/image.h"
#include "png_builder.h"
#include "png_pixels.h"

namespace digits {
namespace {

using testing::Bytes;
using testing::check_equal;
using testing::check_throws;
using testing::from_hexadecimal;
using testing::joined;
using testing::pixels;
using testing::png_chunk;
using testing::PngBuilder;
using testing::stored_zlib;

void check_rejected(const Bytes& file, const std::string& why) {
    check_throws([&] { decode_png(file, "some/file"); }, why);
}

TEST(surplus_bytes_and_rows_are_ignored) {
    const Bytes zlib = stored_zlib(from_hexadecimal("00 01 02"));
    const PngBuilder right{.width = 2};
    const Bytes surplus = from_hexadecimal("00 99");
    check_equal(pixels(right.file_with(png_chunk("IDAT", joined(zlib, surplus)))), "1 2");
    check_equal(
        pixels(right.file_with(joined(png_chunk("IDAT", zlib), png_chunk("IDAT", surplus)))),
        "1 2");
    check_equal(pixels(joined(right.file_with(png_chunk("IDAT", zlib)), surplus)), "1 2");
    // One row more than the header says; what its checksum is, does not matter.
    Bytes longer = stored_zlib(from_hexadecimal("00 01 02 00 03 04"));
    check_equal(pixels(right.file_with(png_chunk("IDAT", longer))), "1 2");
    longer.back() ^= 1;
    check_equal(pixels(right.file_with(png_chunk("IDAT", longer))), "1 2");
}

TEST(zlib_data_with_a_longer_window_than_the_standard_allows_is_refused) {
    Bytes zlib = stored_zlib(from_hexadecimal("00 01 02"));
    zlib[0] = 0x88;
    zlib[1] = 0x1c;
    check_rejected(PngBuilder{.width = 2}.file_with(png_chunk("IDAT", zlib)),
                   "unknown zlib compression method");
}

TEST(data_is_not_continued_after_another_chunk) {
    const Bytes zlib = stored_zlib(from_hexadecimal("00 01 02"));
    const auto middle = zlib.begin() + 5;
    const Bytes text = png_chunk("tEXt", testing::from_text("a"));
    const PngBuilder right{.width = 2};
    const Bytes torn = joined(joined(png_chunk("IDAT", {zlib.begin(), middle}), text),
                              png_chunk("IDAT", {middle, zlib.end()}));
    check_rejected(right.file_with(torn), "this PNG file is damaged");
    const Bytes surplus = joined(joined(png_chunk("IDAT", zlib), text), png_chunk("IDAT", zlib));
    check_equal(pixels(right.file_with(surplus)), "1 2");
    const Bytes empty = png_chunk("IDAT", {});
    check_equal(pixels(right.file_with(joined(joined(empty, png_chunk("IDAT", zlib)), empty))),
                "1 2");
}

TEST(only_critical_chunks_need_a_right_checksum) {
    const auto damaged = [](Bytes chunk) {
        chunk.back() ^= 1;
        return chunk;
    };
    PngBuilder image{.width = 2, .rows = from_hexadecimal("00 01 02")};
    image.before = damaged(png_chunk("gAMA", from_hexadecimal("0000b18f")));
    check_equal(pixels(image), "1 2");
    image.before = damaged(png_chunk("tRNS", from_hexadecimal("0001")));
    check_equal(pixels(image), "1 2");
    image.before = damaged(png_chunk("PLTE", from_hexadecimal("000000")));
    check_rejected(image.file(), "the checksum of a chunk is wrong");
    image.before = {};
    check_rejected(damaged(image.file()), "the checksum of a chunk is wrong");  // that of IEND
}

TEST(odd_palettes_are_read_as_libpng_does) {
    const Bytes colours = from_hexadecimal("0a0a0a c8c8c8");
    const Bytes palette = png_chunk("PLTE", colours);
    PngBuilder image{.width = 4, .colour_type = 3, .rows = from_hexadecimal("00 00 01 02 03")};
    const auto with = [&](const Bytes& chunks) {
        image.before = chunks;
        return pixels(image);
    };
    const auto opacity = [](const char* bytes) {
        return png_chunk("tRNS", from_hexadecimal(bytes));
    };
    check_equal(with(palette), "10 200 0 0");  // beyond the palette is black
    check_equal(with(joined(palette, opacity("00"))), "255 200 0 0");
    check_equal(with(joined(palette, opacity("0000ff"))), "10 200 0 0");  // too long: ignored
    check_equal(with(joined(opacity("00"), palette)), "10 200 0 0");      // too early
    check_equal(with(joined(palette, joined(opacity("00"), opacity("0000")))), "255 200 0 0");
    const Bytes data = png_chunk("IDAT", stored_zlib(image.rows));
    image.before = palette;
    check_equal(pixels(image.file_with(joined(data, opacity("00")))), "10 200 0 0");  // too late
    // A bit selects one of two colours: the opacities may not be for more.
    const Bytes three =
        joined(png_chunk("PLTE", from_hexadecimal("0a0a0a c8c8c8 ffffff")), opacity("00 00 00"));
    check_equal(pixels({.width = 2,
                        .depth = 1,
                        .colour_type = 3,
                        .rows = from_hexadecimal("00 40"),
                        .before = three}),
                "10 200");

    const auto rejected = [&](const Bytes& chunks, const std::string& why) {
        image.before = chunks;
        check_rejected(image.file(), why);
    };
    rejected({}, "the PLTE chunk, its palette, is missing");
    rejected(joined(palette, palette), "there is a second PLTE chunk");
    rejected(png_chunk("PLTE", {}), "expected a palette of 1 to 256 colours");
    rejected(png_chunk("PLTE", Bytes(4)), "3 bytes each, found 4 bytes");
    rejected(png_chunk("PLTE", Bytes(3 * 257)), "found 771 bytes");
    image.before = {};
    check_rejected(image.file_with(joined(data, palette)), "must come before the IDAT chunks");
}

TEST(palettes_and_transparency_that_the_colour_type_does_not_need_are_ignored) {
    PngBuilder image{.width = 2, .rows = from_hexadecimal("00 01 02")};
    const auto with = [&](const char* type, const char* bytes) {
        image.before = png_chunk(type, from_hexadecimal(bytes));
        return pixels(image);
    };
    check_equal(with("PLTE", "00000000"), "1 2");
    check_equal(with("tRNS", "01"), "1 2");
    check_equal(with("tRNS", "00010000"), "1 2");
    check_equal(with("tRNS", "0701"), "255 2");  // only the low 8 bits count
    image = {.width = 1, .colour_type = 4, .rows = from_hexadecimal("00 0380")};
    check_equal(with("tRNS", "0003"), "129");
}

TEST(the_variant_of_xcode_is_named_and_refused) {
    const PngBuilder image{.rows = from_hexadecimal("00 01")};
    Bytes file = from_hexadecimal("89504e470d0a1a0a");
    for (const Bytes& part : {png_chunk("CgBI", from_hexadecimal("50002002")),
                              png_chunk("IHDR", image.header()), png_chunk("IEND", {})}) {
        file = joined(file, part);
    }
    check_rejected(file, "is a PNG image in the variant of Xcode (CgBI)");
    check_rejected(file, "\"xcrun pngcrush -revert-iphone-optimizations some/file restored.png\"");
}

}  // namespace
}  // namespace digits
