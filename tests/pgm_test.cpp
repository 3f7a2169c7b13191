#include <string>

#include "check.h"
#include "formats/image.h"
#include "util/require.h"

namespace digits {
namespace {

using testing::check_equal;
using testing::check_throws;

GrayImage parse(const std::string& file) {
    return decode_image({reinterpret_cast<const std::uint8_t*>(file.data()), file.size()},
                        "some/file");
}

std::string described(const std::string& file) {
    const GrayImage image = parse(file);
    std::string words = str_cat(image.width, "x", image.height, ":");
    for (const int pixel : image.pixels) words += str_cat(" ", pixel);
    return words;
}

void check_rejected(const std::string& file, const std::string& why) {
    check_throws([&] { parse(file); }, why);
}

TEST(text_and_binary_files_are_read) {
    check_equal(described("P2\n3 2\n255\n0 1 2\n253 254 255\n"), "3x2: 0 1 2 253 254 255");
    check_equal(described(std::string("P5 3 1 255 \x00\x80\xff", 14)), "3x1: 0 128 255");
    check_equal(described("P5\n2 1\n255\n\n\n"), "2x1: 10 10");  // one newline ends the header
    check_equal(described("P2 1 1 255 7"), "1x1: 7");
}

TEST(comments_and_whitespace_are_skipped) {
    check_equal(described("P2 # a digit\r\n# by hand\n\t2\v1\f# wide\n255 1 # ink\n2"), "2x1: 1 2");
}

TEST(levels_are_scaled_to_255) {
    check_equal(described("P2 3 1 1 0 1 1"), "3x1: 0 255 255");
    check_equal(described("P2 3 1 15 0 7 15"), "3x1: 0 119 255");
    check_equal(described(std::string("P5 3 1 65535\n\x00\x00\x80\x00\xff\xff", 19)),
                "3x1: 0 128 255");
}

TEST(invalid_images_are_rejected) {
    check_rejected("", "some/file: expected an image as PNG or PGM (P2 or P5), found an empty");
    check_rejected("P6 1 1 255 abc", "found something else; save it as PNG");
    check_rejected("\xff\xd8\xff\xe0", "found JPEG; save it as PNG");
    check_rejected("P2", "this PGM file is damaged: expected a number, at byte 2 of 2");
    check_rejected("P2 x", "expected a number");
    check_rejected("P2 0 1 255 ", "found a size of 0 x 1");
    check_rejected("P2 1 1 0 0", "a maximum of 0");
    check_rejected("P2 1 1 65536 0", "a maximum of 65536");
    check_rejected("P2 1 1 9 10", "pixel value 10 exceeds the maximum 9");
    check_rejected("P5 1 1 9 \x0a", "pixel value 10 exceeds the maximum 9");
    check_rejected("P5 1 1 255", "expected whitespace after the header");
    check_rejected("P5 2 2 255 abc", "expected 4 pixels, but only 3 bytes follow the header");
    check_rejected("P2 2 1 255 123", "expected a number");
}

TEST(false_sizes_are_rejected_before_allocating) {
    check_rejected("P2 99999999999999999999 1 255 0", "a number is too large");
    check_rejected("P5 67108864 67108864 255 a",
                   "are more than the 67108864 allowed; scale it down");
    check_rejected("P2 8192 8192 255 0", "expected 67108864 pixels, but only 2 bytes follow");
    check_rejected("P5 8192 8192 65535 0", "expected 67108864 pixels, but only 1 bytes follow");
}

}  // namespace
}  // namespace digits
