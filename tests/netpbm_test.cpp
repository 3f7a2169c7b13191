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
    check_equal(described("P5 1 1 255# the end of the header\na"), "1x1: 97");
    check_equal(described("P2 # a digit\r\n# by hand\n\t2\v1\f# wide\n255 1 # ink\n2"), "2x1: 1 2");
}

TEST(levels_are_scaled_to_255) {
    check_equal(described("P2 3 1 1 0 1 1"), "3x1: 0 255 255");
    check_equal(described("P2 3 1 15 0 7 15"), "3x1: 0 119 255");
    check_equal(described(std::string("P5 3 1 65535\n\x00\x00\x80\x00\xff\xff", 19)),
                "3x1: 0 128 255");
}

TEST(bitmaps_are_read) {
    // 1 is black. As text, the digits need no whitespace; as bytes, each row begins with a new one.
    check_equal(described("P1\n# bits\n3 2\n1 0 1\n010"), "3x2: 0 255 0 255 0 255");
    check_equal(described("P1 2 1 1#black\n0"), "2x1: 0 255");
    check_equal(described(std::string("P4 3 2\n\xa0\x5f")), "3x2: 0 255 0 255 0 255");
    check_equal(described(std::string("P4 9 1\n\x80\x80")), "9x1: 0 255 255 255 255 255 255 255 0");
}

TEST(colours_become_grey) {
    // The same brightness as in PNG files.
    check_equal(described("P3 4 1 255\n255 0 0  0 255 0  0 0 255  255 255 255"),
                "4x1: 76 150 29 255");
    check_equal(described(std::string("P6 2 1 255 \xff\x00\x00\x00\xff\x00", 17)), "2x1: 76 150");
    check_equal(described(std::string("P6 1 1 1000\n\x01\xf4\x01\xf4\x01\xf4", 18)), "1x1: 128");
}

TEST(arbitrary_maps_are_read) {
    const std::string size = "P7\nWIDTH 2\nHEIGHT 1\n";
    check_equal(described(size + "DEPTH 1\nMAXVAL 255\nTUPLTYPE GRAYSCALE\nENDHDR\n\x05\x07"),
                "2x1: 5 7");
    check_equal(
        described(size + "# 1 is white\nDEPTH 1\n\nMAXVAL 1\nTUPLTYPE BLACKANDWHITE\nENDHDR\n" +
                  std::string("\x00\x01", 2)),
        "2x1: 0 255");
    check_equal(described(size + "DEPTH 3\nMAXVAL 255\nTUPLTYPE RGB\r\nENDHDR\r\n" +
                          std::string("\xff\x00\x00\x00\x00\xff", 6)),
                "2x1: 76 29");
    const std::string with_opacity =
        size + "DEPTH 2\nMAXVAL 255\nTUPLTYPE GRAYSCALE_ALPHA\nENDHDR\n";
    check_equal(described(with_opacity + std::string("\x00\x80\x00\x00", 4)), "2x1: 127 255");
    check_equal(described(with_opacity + std::string("\xff\xff\xff\x00", 4)), "2x1: 0 255");
    // The tuple type may be left out.
    check_equal(described(size + "DEPTH 4\nMAXVAL 255\nTUPLTYPE\nENDHDR\n" +
                          std::string("\x00\x00\x00\xff\x00\x00\x00\x00", 8)),
                "2x1: 0 255");
    check_equal(described("P7\nWIDTH 1\nHEIGHT 1\nDEPTH 1\nMAXVAL 65535\nENDHDR\n\x80\x80"),
                "1x1: 128");
    check_rejected(size + "DEPTH 4\nMAXVAL 255\nTUPLTYPE CMYK\nENDHDR\n12341234",
                   "found 4 samples per pixel of the type CMYK; save it as PNG");
    check_rejected(size + "DEPTH 1\nMAXVAL 255\nTUPLTYPE RGB\nENDHDR\n12",
                   "found 1 samples per pixel of the type RGB;");
    check_rejected(size + "DEPTH 5\nMAXVAL 255\nENDHDR\n1234512345", "found 5 samples per pixel;");
    check_rejected(size + "DEPTH 0\nMAXVAL 255\nENDHDR\n", "found 0 samples per pixel");
    check_rejected(size + "DEPTH 1\nMAXVAL 255\nENDHDR\n1", "expected 2 pixels, but only 1 bytes");
    check_rejected(size + "SIZE 1\n", "expected WIDTH, HEIGHT, DEPTH, MAXVAL, TUPLTYPE or ENDHDR");
    check_rejected("P7\nHEIGHT 1\nDEPTH 1\nMAXVAL 9\nENDHDR\n1", "found a size of 0 x 1");
}

TEST(of_several_images_the_first_is_read) {
    check_equal(described("P5 1 1 255 aP5 1 1 255 b"), "1x1: 97");
    check_equal(described("P2 1 1 255\n7\nP2 1 1 255\n8\n"), "1x1: 7");
}

TEST(invalid_images_are_rejected) {
    check_rejected("P2",
                   "some/file: this Netpbm file is damaged: expected a number, at byte 2 of 2");
    check_rejected("P2 x", "expected a number");
    check_rejected("P1 1 1 2", "expected 0 or 1");
    check_rejected("P4 9 2 abc", "expected 18 pixels, but only 3 bytes follow the header");
    check_rejected("P3 1 1 255 1 1", "expected a number");
    check_rejected("P6 1 1 255 ab", "expected 1 pixels, but only 2 bytes follow the header");
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

TEST(other_formats_are_named_with_what_to_do) {
    check_rejected("", "some/file: expected an image as PNG, PBM, PGM, PPM or PAM, found an empty");
    check_rejected("P8 1 1 255 abc", "found something else; save it as PNG");
    check_rejected("\xff\xd8\xff\xe0", "found a JPEG image; save it as PNG");
    check_rejected("%PDF-1.7", "found a PDF document; save it as PNG");
    check_rejected("\x1f\x8b\x08", "found a gzip file; unpack the image first");
    check_rejected("PK\3\4", "found a ZIP archive; unpack the image first");
    check_rejected("<!DOCTYPE html>", "found an HTML page; save the image itself");
    check_rejected("\x80\4\x95", "found a Python pickle; is it the right file?");
    check_rejected("\xef\xbf\xbdPNG", "converting it to text; transfer it again");
    check_rejected("iVBORw0KGgo", "found a PNG image in base64; decode it first");
}

}  // namespace
}  // namespace digits
