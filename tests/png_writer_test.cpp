#include "formats/png_writer.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "check.h"
#include "data/dataset.h"
#include "formats/gzip.h"
#include "plot/plot.h"
#include "temporary_folder.h"

namespace digits {
namespace {

using testing::check;
using testing::check_equal;
using testing::check_throws;

using Bytes = std::vector<std::uint8_t>;

// An independent decoder for the kind of PNG file that we write, which checks everything that a
// decoder can check. The Adler-32 is summed by definition, with a single remainder at the end.
class Decoder {
public:
    explicit Decoder(Bytes file) : file_(std::move(file)) {}

    GrayImage decode() {
        check(take(8) == Bytes{0x89, 'P', 'N', 'G', 0x0d, 0x0a, 0x1a, 0x0a});
        const Bytes header = chunk("IHDR");
        check_equal(header.size(), 13u);
        GrayImage image;
        image.width = big_endian(header, 0);
        image.height = big_endian(header, 4);
        check(Bytes(header.begin() + 8, header.end()) == Bytes{8, 0, 0, 0, 0});
        const Bytes rows = unstored(chunk("IDAT"));
        check_equal(rows.size(), image.height * (image.width + 1));
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (i % (image.width + 1) > 0)
                image.pixels.push_back(rows[i]);
            else
                check_equal(int{rows[i]}, 0);
        }
        check(chunk("IEND").empty());
        check_equal(position_, file_.size());
        return image;
    }

    std::size_t blocks() const { return blocks_; }

private:
    Bytes take(std::size_t count) {
        if (position_ + count > file_.size()) throw std::runtime_error("the file is too short");
        const auto begin = file_.begin() + static_cast<std::ptrdiff_t>(position_);
        position_ += count;
        return {begin, begin + static_cast<std::ptrdiff_t>(count)};
    }

    static std::size_t big_endian(const Bytes& bytes, std::size_t at) {
        std::size_t value = 0;
        for (std::size_t i = at; i < at + 4; ++i) value = value * 256 + bytes.at(i);
        return value;
    }

    Bytes chunk(const std::string& type) {
        const std::size_t length = big_endian(take(4), 0);
        const Bytes content = take(4 + length);
        check_equal(std::string(content.begin(), content.begin() + 4), type);
        check_equal(big_endian(take(4), 0), std::size_t{crc32(content)});
        return {content.begin() + 4, content.end()};
    }

    Bytes unstored(const Bytes& zlib) {
        check_equal(int{zlib.at(0)}, 0x78);
        check_equal((zlib.at(0) * 256 + zlib.at(1)) % 31, 0);
        Bytes data;
        std::size_t at = 2;
        for (bool is_last = false; !is_last; ++blocks_) {
            is_last = zlib.at(at) == 1;
            const std::size_t length = zlib.at(at + 1) + 256u * zlib.at(at + 2);
            check_equal(zlib.at(at + 3) + 256u * zlib.at(at + 4), 65535 - length);
            for (std::size_t i = 0; i < length; ++i) data.push_back(zlib.at(at + 5 + i));
            at += 5 + length;
        }
        std::uint64_t a = 1, b = 0;
        for (const std::uint8_t byte : data) b += a += byte;
        check_equal(big_endian(zlib, at), b % 65521 * 65536 + a % 65521);
        check_equal(at + 4, zlib.size());
        return data;
    }

    Bytes file_;
    std::size_t position_ = 0;
    std::size_t blocks_ = 0;
};

GrayImage gradient(std::size_t width, std::size_t height) {
    GrayImage image{width, height, {}};
    for (std::size_t i = 0; i < width * height; ++i) {
        image.pixels.push_back(static_cast<std::uint8_t>(i * 7 + i / width));
    }
    return image;
}

Dataset three_images() {
    Bytes pixels;
    for (int i = 0; i < 18; ++i) pixels.push_back(static_cast<std::uint8_t>(10 * i));
    return {"three", 2, 3, 3, pixels, {0, 1, 2}};
}

TEST(one_white_pixel_is_a_file_of_these_70_bytes) {
    const Bytes expected = {
        0x89, 'P',  'N',  'G',  0x0d, 0x0a, 0x1a, 0x0a,              // signature
        0,    0,    0,    13,   'I',  'H',  'D',  'R',               //
        0,    0,    0,    1,    0,    0,    0,    1,                 // 1 x 1
        8,    0,    0,    0,    0,    0x3a, 0x7e, 0x9b, 0x55,        // and the CRC-32
        0,    0,    0,    13,   'I',  'D',  'A',  'T',  0x78, 0x01,  // zlib
        1,    2,    0,    0xfd, 0xff, 0,    0xff,                    // last block: filter, white
        0x01, 0x01, 0x01, 0x00, 0x60, 0x87, 0x12, 0xb5,              // Adler-32, CRC-32
        0,    0,    0,    0,    'I',  'E',  'N',  'D',  0xae, 0x42, 0x60, 0x82,
    };
    check(encode_png(GrayImage{1, 1, {255}}) == expected);
}

TEST(a_decoder_gets_the_same_pixels_back) {
    for (const auto& [width, height] : std::vector<std::pair<std::size_t, std::size_t>>{
             {1, 1}, {28, 28}, {3, 5}, {300, 1}, {1, 300}}) {
        const GrayImage image = gradient(width, height);
        Decoder decoder(encode_png(image));
        const GrayImage decoded = decoder.decode();
        check_equal(decoded.width, width);
        check_equal(decoded.height, height);
        check(decoded.pixels == image.pixels);
        check_equal(decoder.blocks(), 1u);
    }
}

TEST(blocks_hold_65535_bytes_and_the_next_byte_starts_a_new_block) {
    // With the filter byte of each row, 65,535 = 771 * 85 bytes and 65,536 = 512 * 128.
    for (const auto& [width, height, blocks] :
         std::vector<std::array<std::size_t, 3>>{{84, 771, 1}, {511, 128, 2}, {500, 600, 5}}) {
        const GrayImage image = gradient(width, height);
        Decoder decoder(encode_png(image));
        check(decoder.decode().pixels == image.pixels);
        check_equal(decoder.blocks(), blocks);
    }
}

TEST(an_image_grid_has_dark_ink_and_one_white_pixel_around_each_image) {
    const std::vector<std::size_t> indices = {2, 0, 1};
    const GrayImage grid = image_grid(three_images(), indices, 2);
    check_equal(grid.width, 9u);
    check_equal(grid.height, 7u);
    const auto white = std::uint8_t{255};
    const Bytes expected = {
        white, white, white, white, white, white, white, white, white,  //
        white, 135,   125,   115,   white, 255,   245,   235,   white,  //
        white, 105,   95,    85,    white, 225,   215,   205,   white,  //
        white, white, white, white, white, white, white, white, white,  //
        white, 195,   185,   175,   white, white, white, white, white,  //
        white, 165,   155,   145,   white, white, white, white, white,  //
        white, white, white, white, white, white, white, white, white,  //
    };
    check(grid.pixels == expected);
}

TEST(an_image_grid_is_not_wider_than_its_images) {
    const std::vector<std::size_t> indices = {0, 1};
    const GrayImage grid = image_grid(three_images(), indices, 100);
    check_equal(grid.width, 9u);
    check_equal(grid.height, 4u);
    const std::vector<std::size_t> wrong = {3};
    check_throws([&] { image_grid(three_images(), wrong, 1); },
                 "index 3 in a data set of 3 images");
    check_throws([&] { image_grid(three_images(), {}, 1); }, "no images, or none per row");
    check_throws([&] { image_grid(three_images(), indices, 0); }, "no images, or none per row");
}

TEST(the_file_has_the_encoded_bytes_and_the_error_names_it) {
    const testing::TemporaryFolder folder;
    const GrayImage image = gradient(28, 28);
    write_png(folder / "digit.png", image);
    check(testing::read_bytes(folder / "digit.png") == encode_png(image));
    check_throws([&] { write_png(folder / "absent" / "digit.png", image); }, "digit.png");
}

TEST(impossible_images_are_rejected) {
    check_throws([] { encode_png(GrayImage{0, 5, {}}); }, "0 x 5");
    check_throws([] { encode_png(GrayImage{5, 0, {}}); }, "5 x 0");
    check_throws([] { encode_png(GrayImage{2, 2, {1, 2, 3}}); }, "3 pixels for an image of 2 x 2");
    check_throws([] { encode_png(GrayImage{~std::size_t{0}, 2, {}}); }, "cannot encode");
    check_throws([] { encode_png(GrayImage{2, ~std::size_t{0}, {}}); }, "cannot encode");
}

}  // namespace
}  // namespace digits
