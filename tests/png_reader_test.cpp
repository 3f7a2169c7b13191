#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "check.h"
#include "formats/image.h"
#include "formats/png_writer.h"
#include "png_builder.h"
#include "png_pixels.h"
#include "util/random.h"

namespace digits {
namespace {

using testing::Bytes;
using testing::check;
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

TEST(an_encoded_image_reads_back_the_same) {
    GrayImage image{7, 5, {}};
    for (std::size_t i = 0; i < 35; ++i) image.pixels.push_back(static_cast<std::uint8_t>(7 * i));
    const GrayImage back = decode_image(encode_png(image), "test");
    check_equal(back.width, 7u);
    check_equal(back.height, 5u);
    check(back.pixels == image.pixels);
}

TEST(every_kind_of_pixel_becomes_grey) {
    const auto row = [](const char* bytes) { return from_hexadecimal(bytes); };
    check_equal(pixels({.width = 3, .rows = row("00 00 80 ff")}), "0 128 255");
    check_equal(pixels({.width = 9, .depth = 1, .rows = row("00 a5 80")}),
                "255 0 255 0 0 255 0 255 255");
    check_equal(pixels({.width = 5, .depth = 2, .rows = row("00 1b 40")}), "0 85 170 255 85");
    check_equal(pixels({.width = 3, .depth = 4, .rows = row("00 0f 70")}), "0 255 119");
    check_equal(pixels({.width = 2, .depth = 16, .rows = row("00 ffff 807f")}), "255 128");
    // The brightness of red, green and blue is 0.299, 0.587 and 0.114 of that of white.
    check_equal(
        pixels({.width = 4, .colour_type = 2, .rows = row("00 ff0000 00ff00 0000ff ffffff")}),
        "76 150 29 255");
    // Half-transparent black is grey; fully transparent pixels are white, whatever their colour.
    check_equal(pixels({.width = 3, .colour_type = 4, .rows = row("00 00ff 0080 4000")}),
                "0 127 255");
    check_equal(pixels({.width = 2, .colour_type = 6, .rows = row("00 000000ff 00000000")}),
                "0 255");
    check_equal(
        pixels({.width = 1, .depth = 16, .colour_type = 6, .rows = row("00 000000000000 8000")}),
        "127");
}

TEST(palettes_and_transparent_colours_are_decoded) {
    const Bytes palette = png_chunk("PLTE", from_hexadecimal("000000 ffffff ff0000"));
    const Bytes row = from_hexadecimal("00 02 01 00");
    check_equal(pixels({.width = 3, .colour_type = 3, .rows = row, .before = palette}), "76 255 0");
    const Bytes with_alpha = joined(palette, png_chunk("tRNS", from_hexadecimal("00 ff 80")));
    check_equal(pixels({.width = 3, .colour_type = 3, .rows = row, .before = with_alpha}),
                "165 255 255");
    check_equal(
        pixels({.width = 3, .rows = row, .before = png_chunk("tRNS", from_hexadecimal("0001"))}),
        "2 255 0");
    // The transparency of 16-bit samples has 16 bits, too.
    check_equal(pixels({.width = 2,
                        .depth = 16,
                        .rows = from_hexadecimal("00 0102 0103"),
                        .before = png_chunk("tRNS", from_hexadecimal("0102"))}),
                "255 1");
}

// Filters as the standard defines them, computed from the original image, one byte at a time.
Bytes filtered(const GrayImage& image, std::size_t samples) {
    const std::size_t length = image.width;  // bytes of a row
    const auto at = [&](std::size_t y, std::size_t i, std::size_t up, std::size_t back) {
        return y < up || i < back ? 0 : int{image.pixels[(y - up) * length + i - back]};
    };
    Bytes rows;
    for (std::size_t y = 0; y < image.height; ++y) {
        const std::size_t filter = y % 5;
        rows.push_back(static_cast<std::uint8_t>(filter));
        for (std::size_t i = 0; i < length; ++i) {
            const int a = at(y, i, 0, samples), b = at(y, i, 1, 0), c = at(y, i, 1, samples);
            const int p = a + b - c;
            const int pa = std::abs(p - a), pb = std::abs(p - b), pc = std::abs(p - c);
            const int predictor = pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
            const int predictions[] = {0, a, b, (a + b) / 2, predictor};
            rows.push_back(static_cast<std::uint8_t>(at(y, i, 0, 0) - predictions[filter]));
        }
    }
    return rows;
}

TEST(every_filter_is_undone) {
    GrayImage image{24, 11, {}};
    Random random(5);
    for (std::size_t i = 0; i < 24 * 11; ++i) {
        image.pixels.push_back(static_cast<std::uint8_t>(random.below(256)));
    }
    const PngBuilder grey{.width = 24, .height = 11, .rows = filtered(image, 1)};
    check(decode_png(grey.file(), "test").pixels == image.pixels);
    // Among few values, the neighbors are often equally close to what Paeth's filter expects.
    GrayImage alike{24, 11, {}};
    for (std::size_t i = 0; i < 24 * 11; ++i) {
        alike.pixels.push_back(static_cast<std::uint8_t>(random.below(5)));
    }
    const PngBuilder ties{.width = 24, .height = 11, .rows = filtered(alike, 1)};
    check(decode_png(ties.file(), "test").pixels == alike.pixels);
    // The same bytes as eight RGB pixels per row, with and without filters.
    const PngBuilder colour{.width = 8, .height = 11, .colour_type = 2, .rows = filtered(image, 3)};
    Bytes plain;
    for (std::size_t y = 0; y < 11; ++y) {
        plain.push_back(0);
        const auto row = std::span(image.pixels).subspan(y * 24, 24);
        plain.insert(plain.end(), row.begin(), row.end());
    }
    const PngBuilder unfiltered{.width = 8, .height = 11, .colour_type = 2, .rows = plain};
    check(decode_png(colour.file(), "test").pixels == decode_png(unfiltered.file(), "test").pixels);
}

TEST(data_may_be_in_several_chunks_and_unknown_ancillary_chunks_are_skipped) {
    const Bytes data = stored_zlib(from_hexadecimal("00 01 02"));
    Bytes chunks = png_chunk("tEXt", testing::from_text("Title\0a digit"));
    for (const std::uint8_t byte : data) chunks = joined(chunks, png_chunk("IDAT", {byte}));
    const GrayImage image = decode_png(PngBuilder{.width = 2}.file_with(chunks), "test");
    check(image.pixels == Bytes{1, 2});
}

TEST(damaged_files_are_rejected) {
    const Bytes row = from_hexadecimal("00 01 02");
    const PngBuilder right{.width = 2, .rows = row};
    const Bytes file = right.file();
    for (std::size_t size = 0; size < file.size(); ++size) {
        const Bytes part(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
        check_rejected(part, "some/file: this PNG file is damaged: ");
    }
    for (std::size_t i = 0; i < file.size(); ++i) {
        Bytes changed = file;
        changed[i] ^= 0x20;
        check_rejected(changed, "some/file: this PNG file is damaged: ");
    }
    check_rejected(PngBuilder{.width = 2, .rows = from_hexadecimal("05 01 02")}.file(),
                   "unknown row filter 5");
    check_rejected(PngBuilder{.width = 3, .rows = row}.file(), "expected 4 bytes of rows, found 3");
    check_rejected(PngBuilder{.depth = 3, .rows = row}.file(),
                   "invalid bit depth 3 for colour type 0");
    check_rejected(PngBuilder{.depth = 4, .colour_type = 2}.file(),
                   "bit depth 4 for colour type 2");
    check_rejected(PngBuilder{.depth = 16, .colour_type = 3}.file(),
                   "bit depth 16 for colour type 3");
    check_rejected(PngBuilder{.colour_type = 5, .rows = row}.file(),
                   "bit depth 8 for colour type 5");
    check_rejected(PngBuilder{.width = 0, .rows = row}.file(), "invalid size 0 x 1");
    check_rejected(PngBuilder{.interlace = 2, .rows = row}.file(), "unknown interlace method 2");
    PngBuilder twice = right;
    twice.before = png_chunk("IHDR", right.header());
    check_rejected(twice.file(), "there is a second IHDR chunk");
    twice.before = png_chunk("NEWS", {});
    check_rejected(twice.file(), "unknown critical chunk");
    twice.before = png_chunk("no!e", {});
    check_rejected(twice.file(), "invalid chunk type");
}

// The pass in which each pixel of a block of 8 x 8 is stored, as the standard prints it.
constexpr std::array<std::string_view, 8> pass_of{"16462646", "77777777", "56565656", "77777777",
                                                  "36463646", "77777777", "56565656", "77777777"};

TEST(interlaced_images_are_read) {
    Random random(3);
    for (const auto depth : Bytes{1, 4, 8, 16}) {
        for (std::size_t size = 0; size < 10 * 10; ++size) {
            PngBuilder image{.width = size % 10 + 1, .height = size / 10 + 1};
            image.depth = depth;
            std::vector<std::uint64_t> samples(image.width * image.height);
            for (auto& sample : samples) sample = random.below(std::uint64_t{1} << depth);
            // The rows of one pass, without filters; pass 0 is all pixels.
            const auto rows_of = [&](char pass) {
                Bytes rows;
                for (std::size_t y = 0; y < image.height; ++y) {
                    std::string bits;
                    for (std::size_t x = 0; x < image.width; ++x) {
                        if (pass != '0' && pass_of[y % 8][x % 8] != pass) continue;
                        for (int bit = depth; bit-- > 0;) {
                            bits += samples[y * image.width + x] >> bit & 1 ? '1' : '0';
                        }
                    }
                    if (bits.empty()) continue;
                    bits.resize((bits.size() + 7) / 8 * 8, '0');
                    rows.push_back(0);
                    for (std::size_t i = 0; i < bits.size(); i += 8) {
                        rows.push_back(
                            static_cast<std::uint8_t>(std::stoi(bits.substr(i, 8), nullptr, 2)));
                    }
                }
                return rows;
            };
            image.rows = rows_of('0');
            const std::string expected = pixels(image);
            image.rows.clear();
            for (const char pass : std::string("1234567")) {
                image.rows = joined(image.rows, rows_of(pass));
            }
            image.interlace = 1;
            check_equal(pixels(image), expected);
        }
    }
}

TEST(each_pass_begins_with_a_new_first_row) {
    // Filter 2 adds the byte above; the first row of each pass has none.
    const PngBuilder image{.width = 2,
                           .height = 2,
                           .interlace = 1,
                           .rows = from_hexadecimal("02 0a  02 14  02 1e 01")};
    check_equal(pixels(image), "10 20 30 1");
}

TEST(a_header_with_excessive_sizes_is_rejected_before_allocating) {
    const Bytes row = from_hexadecimal("00 01 02");
    check_rejected(PngBuilder{.width = 0xffffffff, .height = 0xffffffff, .rows = row}.file(),
                   "pixels are more than the 67108864 allowed; scale it down");
    check_rejected(PngBuilder{.width = 8192, .height = 8192, .rows = row}.file(), "found 3");
}

}  // namespace
}  // namespace digits
