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

void check_refused(const std::string& file, const std::string& why) {
    check_throws([&] { parse(file); }, why);
}

TEST(text_and_bytes_are_read) {
    check_equal(described("P2\n3 2\n255\n0 1 2\n253 254 255\n"), "3x2: 0 1 2 253 254 255");
    check_equal(described(std::string("P5 3 1 255 \x00\x80\xff", 14)), "3x1: 0 128 255");
    check_equal(described("P5\n2 1\n255\n\n\n"), "2x1: 10 10");  // one newline ends the header
    check_equal(described("P2 1 1 255 7"), "1x1: 7");
}

TEST(comments_and_any_space_are_passed_over) {
    check_equal(described("P2 # a digit\r\n# by hand\n\t2\v1\f# wide\n255 1 # ink\n2"), "2x1: 1 2");
}

TEST(levels_are_scaled_to_255) {
    check_equal(described("P2 3 1 1 0 1 1"), "3x1: 0 255 255");
    check_equal(described("P2 3 1 15 0 7 15"), "3x1: 0 119 255");
    check_equal(described(std::string("P5 3 1 65535\n\x00\x00\x80\x00\xff\xff", 19)),
                "3x1: 0 128 255");
}

TEST(what_is_no_image_is_refused) {
    check_refused("", "some/file: expected an image as PNG or PGM (P2 or P5), found an empty");
    check_refused("P6 1 1 255 abc", "found something else; save it as PNG");
    check_refused("\xff\xd8\xff\xe0", "found JPEG; save it as PNG");
    check_refused("P2", "this PGM file is damaged: expected a number, at byte 2 of 2");
    check_refused("P2 x", "expected a number");
    check_refused("P2 0 1 255 ", "its size is 0 x 1");
    check_refused("P2 1 1 0 0", "its maximum 0");
    check_refused("P2 1 1 65536 0", "its maximum 65536");
    check_refused("P2 1 1 9 10", "a pixel is 10 of at most 9");
    check_refused("P5 1 1 9 \x0a", "a pixel is 10 of at most 9");
    check_refused("P5 1 1 255", "there is no space behind the header");
    check_refused("P5 2 2 255 abc", "expected 4 pixels, but only 3 bytes follow the header");
    check_refused("P2 2 1 255 123", "expected a number");
}

TEST(sizes_that_lie_are_refused_before_memory_is_asked_for) {
    check_refused("P2 99999999999999999999 1 255 0", "a number is too large");
    check_refused("P5 67108864 67108864 255 a", "are more than the 67108864 that are allowed");
    check_refused("P2 8192 8192 255 0", "expected 67108864 pixels, but only 2 bytes follow");
    check_refused("P5 8192 8192 65535 0", "expected 67108864 pixels, but only 1 bytes follow");
}

}  // namespace
}  // namespace digits
