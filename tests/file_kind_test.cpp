#include "formats/file_kind.h"

#include <string>
#include <string_view>

#include "check.h"

namespace digits {
namespace {

using testing::check_equal;

std::string kind(std::string_view file) {
    return std::string(
        file_kind({reinterpret_cast<const std::uint8_t*>(file.data()), file.size()}));
}

// A literal with zeros in it.
template <std::size_t N>
std::string kind(const char (&file)[N]) {
    return kind(std::string_view(file, N - 1));
}

TEST(images_are_named_by_their_signatures) {
    check_equal(kind("\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"), "a PNG image");
    check_equal(kind("\x89PNG\r\n\x1a\n\0\0\0\4CgBI"),
                "a PNG image in the variant of Xcode (CgBI)");
    check_equal(kind("\xef\xbf\xbdPNG\n"), "a PNG image that was damaged by converting it to text");
    check_equal(kind("\xff\xd8\xff\xe0\0\x10JFIF\0"), "a JPEG image");
    check_equal(kind("GIF89a"), "a GIF image");
    check_equal(kind("RIFF$\0\0\0WEBPVP8 "), "a WebP image");
    check_equal(kind("\0\0\0\x18"
                     "ftypheic\0\0\0\0mif1heic"),
                "an HEIC image");
    check_equal(kind("\0\0\0\x1c"
                     "ftypavif"),
                "an AVIF image");
    check_equal(kind("\0\0\0\x18"
                     "ftypisom"),
                "a video");
    check_equal(kind("\0\0\0\x0cJXL \r\n\x87\n"), "a JPEG XL image");
    check_equal(kind("\0\0\0\x0cjP  \r\n\x87\n"), "a JPEG 2000 image");
    check_equal(kind("II*\0\x08\0\0\0"), "a TIFF image");
    check_equal(kind("MM\0*\0\0\0\x08"), "a TIFF image");
    check_equal(kind("BM\x76\x3c\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"), "a BMP image");
    check_equal(kind("P1\n"), "a PBM image");
    check_equal(kind("P5#"), "a PGM image");
    check_equal(kind("P6 "), "a PPM image");
    check_equal(kind("P7\n"), "a PAM image");
    check_equal(kind("%PDF-1.7"), "a PDF document");
}

TEST(archives_models_and_data_are_named) {
    check_equal(kind(""), "an empty file");
    check_equal(kind("\x1f\x8b\x08"), "a gzip file");
    check_equal(kind("\x78\x9c\xed\xc1"), "zlib data (gzip is supported)");
    check_equal(kind("PK\3\4\x14\0"), "a ZIP archive");
    const std::string zip("PK\3\4\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 26);
    check_equal(kind(zip + std::string("\x0c\0\0\0", 4) + "net/data.pkl and more"),
                "a PyTorch file (a pickle in a ZIP archive)");
    check_equal(kind(zip + std::string("\x05\0\0\0", 4) + "x.npy"), "a NumPy archive (.npz)");
    check_equal(kind("\x80\4\x95"), "a Python pickle");
    check_equal(kind("\x93NUMPY\1"), "a NumPy array (.npy)");
    check_equal(kind("\x89HDF\r\n\x1a\n"), "an HDF5 file (of Keras, for example)");
    check_equal(kind("\x10\2\0\0\0\0\0\0{\"__metadata__\""), "a safetensors file");
    // The length of its header, 35,615 bytes, is what a gzip file begins with.
    check_equal(kind(std::string("\x1f\x8b\0\0\0\0\0\0{\"a\"", 12)), "a safetensors file");
    check_equal(kind("\0\0\x08\3\0\0\xea\x60"), "an IDX file");
    check_equal(kind("version https://git-lfs.github.com/spec/v1\n"),
                "a Git LFS pointer (\"git lfs pull\" fetches the file)");
    check_equal(kind(str_cat(std::string(257, 'a'), "ustar")), "a tar archive");
}

TEST(text_formats_are_recognized_after_space_and_comments) {
    check_equal(kind("\xef\xbb\xbf\n <!DOCTYPE HTML>"), "an HTML page");
    check_equal(kind("<html lang=en>"), "an HTML page");
    check_equal(kind("<?xml version=\"1.0\"?>\n<svg"), "an SVG drawing");
    check_equal(kind("<svg xmlns="), "an SVG drawing");
    check_equal(kind("<?xml version=\"1.0\"?>\n<note>"), "an XML file");
    check_equal(kind("label,pixel0,pixel1\n"), "a table of values (CSV)");
    check_equal(kind("{\n  \"epochs\": []}"), "a JSON file");
}

TEST(unknown_bytes_have_no_kind) {
    check_equal(kind("hello"), "");
    check_equal(kind("P8 1 1"), "");
    check_equal(kind("BMW and other cars"), "");
    check_equal(kind("\0\0\x07\3"), "");
    check_equal(kind("\0"), "");
}

}  // namespace
}  // namespace digits
