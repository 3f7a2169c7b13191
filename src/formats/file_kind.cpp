#include "formats/file_kind.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "util/file.h"

namespace digits {
namespace {

struct Signature {
    std::size_t offset;
    std::string_view bytes;
    std::string_view kind;
};

// A literal of bytes, zeros included, without the zero that ends every literal.
template <std::size_t N>
constexpr std::string_view raw(const char (&literal)[N]) {
    return {literal, N - 1};
}

// Sources: the specifications of the formats, collected in the `magic` database of file(1).
// Longer signatures come before shorter ones that begin alike.
constexpr std::array signatures = {
    Signature{0, raw("\x89PNG\r\n\x1a\n\0\0\0\4CgBI"),
              "a PNG image in the variant of Xcode (CgBI)"},
    Signature{0, raw("\x89PNG"), "a PNG image"},
    // U+FFFD, which replaces what is no UTF-8, in place of the first byte.
    Signature{0, raw("\xef\xbf\xbdPNG"), "a PNG image that was damaged by converting it to text"},
    Signature{0, raw("\x1f\xef\xbf\xbd"), "a gzip file that was damaged by converting it to text"},
    Signature{0, raw("iVBORw0KGgo"), "a PNG image in base64"},
    Signature{0, raw("data:image/"), "an image as a data URL"},
    Signature{0, raw("\xff\xd8"), "a JPEG image"},
    Signature{0, raw("GIF8"), "a GIF image"},
    Signature{8, raw("WEBP"), "a WebP image"},
    Signature{4, raw("ftypheic"), "an HEIC image"},
    Signature{4, raw("ftypheix"), "an HEIC image"},
    Signature{4, raw("ftypheim"), "an HEIC image"},
    Signature{4, raw("ftypheis"), "an HEIC image"},
    Signature{4, raw("ftyphevc"), "an HEIC image"},
    Signature{4, raw("ftypmif1"), "an HEIF image"},
    Signature{4, raw("ftypmsf1"), "an HEIF image"},
    Signature{4, raw("ftypavif"), "an AVIF image"},
    Signature{4, raw("ftypavis"), "an AVIF image"},
    Signature{4, raw("ftypcrx "), "a raw image of a Canon camera"},
    Signature{4, raw("ftyp"), "a video"},
    Signature{0, raw("\xff\x0a"), "a JPEG XL image"},
    Signature{0, raw("\0\0\0\x0cJXL \r\n"), "a JPEG XL image"},
    Signature{0, raw("\0\0\0\x0cjP  \r\n"), "a JPEG 2000 image"},
    Signature{0, raw("\xff\x4f\xff\x51"), "a JPEG 2000 image"},
    Signature{0, raw("II*\0"), "a TIFF image"},
    Signature{0, raw("MM\0*"), "a TIFF image"},
    Signature{0, raw("II+\0"), "a TIFF image"},
    Signature{0, raw("MM\0+"), "a TIFF image"},
    Signature{0, raw("\0\0\1\0"), "a Windows icon"},
    Signature{0, raw("qoif"), "a QOI image"},
    Signature{0, raw("8BPS"), "a Photoshop image"},
    Signature{0, raw("gimp xcf"), "a GIMP image"},
    Signature{0, raw("v/1\1"), "an OpenEXR image"},
    Signature{0, raw("DDS "), "a DDS image"},
    Signature{0, raw("farbfeld"), "a farbfeld image"},
    Signature{0, raw("#?RADIANCE"), "a Radiance image"},
    Signature{0, raw("%PDF-"), "a PDF document"},
    Signature{0, raw("%!PS"), "a PostScript document"},
    Signature{0, raw("\x1f\x8b"), "a gzip file"},
    Signature{0, raw("\x78\x01"), "zlib data (gzip is supported)"},
    Signature{0, raw("\x78\x9c"), "zlib data (gzip is supported)"},
    Signature{0, raw("\x78\xda"), "zlib data (gzip is supported)"},
    Signature{0, raw("BZh"), "a bzip2 file"},
    Signature{0,
              raw("\xfd"
                  "7zXZ"),
              "an xz file"},
    Signature{0, raw("\x28\xb5\x2f\xfd"), "a Zstandard file"},
    Signature{0, raw("7z\xbc\xaf\x27\x1c"), "a 7-Zip archive"},
    Signature{0, raw("Rar!\x1a\7"), "a RAR archive"},
    Signature{257, raw("ustar"), "a tar archive"},
    Signature{0, raw("\x93NUMPY"), "a NumPy array (.npy)"},
    Signature{0, raw("\x89HDF\r\n\x1a\n"), "an HDF5 file (of Keras, for example)"},
    Signature{0, raw("PAR1"), "a Parquet file"},
    Signature{0, raw("ARROW1"), "an Arrow file"},
    Signature{0, raw("MATLAB 5.0 MAT-file"), "a MATLAB file"},
    Signature{0, raw("GGUF"), "a GGUF model"},
    Signature{4, raw("TFL3"), "a TensorFlow Lite model"},
    Signature{0, raw("version https://git-lfs"),
              "a Git LFS pointer (\"git lfs pull\" fetches the file)"},
    Signature{0,
              raw("\x7f"
                  "ELF"),
              "a program"},
    Signature{0, raw("MZ\x90"), "a program"},
};

bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

// "\0\0", the type of the values, the number of dimensions, then each dimension in 4 bytes.
bool is_idx(std::string_view bytes) {
    return bytes.size() >= 4 && bytes.starts_with(raw("\0\0")) &&
           raw("\x08\x09\x0b\x0c\x0d\x0e").find(bytes[2]) != std::string_view::npos &&
           bytes[3] >= 1 && bytes[3] <= 4;
}

// A length in 8 bytes, lowest first, then that many bytes of JSON.
bool is_safetensors(std::string_view bytes) {
    return bytes.size() > 9 && bytes[8] == '{' && bytes.substr(4, 4) == raw("\0\0\0\0");
}

// Protocols 2 to 5 begin with their number.
bool is_pickle(std::string_view bytes) {
    return bytes.size() >= 3 && bytes[0] == '\x80' && bytes[1] >= 2 && bytes[1] <= 5;
}

// "BM", the size of the file, four zeros, then where the pixels begin and the size of a header.
bool is_bmp(std::string_view bytes) {
    return bytes.size() >= 18 && bytes.starts_with("BM") && bytes.substr(6, 4) == raw("\0\0\0\0");
}

std::string_view netpbm_kind(std::string_view bytes) {
    if (bytes.size() < 3 || bytes[0] != 'P') return {};
    if (!is_space(bytes[2]) && bytes[2] != '#') return {};
    constexpr std::array<std::string_view, 7> kinds{"a PBM image", "a PGM image", "a PPM image",
                                                    "a PBM image", "a PGM image", "a PPM image",
                                                    "a PAM image"};
    const char kind = bytes[1];
    if (kind >= '1' && kind <= '7') return kinds[static_cast<std::size_t>(kind - '1')];
    return kind == 'F' || kind == 'f' ? "a PFM image" : "";
}

// The name of an archive's first file tells who wrote it.
std::string_view zip_kind(std::string_view bytes) {
    if (!bytes.starts_with(raw("PK\3\4")) && !bytes.starts_with(raw("PK\5\6"))) return {};
    constexpr std::size_t length_at = 26, name_at = 30;
    if (bytes.size() < name_at) return "a ZIP archive";
    const auto byte = [&](std::size_t i) {
        return std::size_t{static_cast<std::uint8_t>(bytes[i])};
    };
    const std::string_view name =
        bytes.substr(name_at, byte(length_at) + 256 * byte(length_at + 1));
    if (name.ends_with("data.pkl")) return "a PyTorch file (a pickle in a ZIP archive)";
    if (name.ends_with(".npy")) return "a NumPy archive (.npz)";
    if (name == "[Content_Types].xml") return "an office document";
    return "a ZIP archive";
}

// Text formats have no signature, but a beginning.
std::string_view text_kind(std::string_view bytes) {
    if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);  // byte order mark
    while (!bytes.empty() && is_space(bytes.front())) bytes.remove_prefix(1);
    std::string text(bytes.substr(0, 512));
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    const auto begins = [&](std::string_view words) { return text.starts_with(words); };
    const bool is_xml = begins("<?xml") || begins("<!--") || begins("<!doctype svg");
    if (begins("<svg") || (is_xml && text.find("<svg") != std::string::npos)) {
        return "an SVG drawing";
    }
    if (begins("<!doctype html") || begins("<html") || begins("<head") || begins("<body") ||
        begins("<script") || (is_xml && text.find("<html") != std::string::npos)) {
        return "an HTML page";
    }
    if (is_xml) return "an XML file";
    if (begins("label,") || begins("\"label\",")) return "a table of values (CSV)";
    if (begins("{\"") || (begins("{") && text.find('"') != std::string::npos)) {
        return "a JSON file";
    }
    return {};
}

}  // namespace

std::string_view file_kind(std::span<const std::uint8_t> bytes) {
    if (bytes.empty()) return "an empty file";
    const std::string_view text =
        as_characters(bytes.first(std::min<std::size_t>(bytes.size(), 512)));
    // First, because the length of a header may look like the signature of gzip.
    if (is_safetensors(text)) return "a safetensors file";
    for (const auto& [offset, signature, kind] : signatures) {
        if (text.size() > offset && text.substr(offset).starts_with(signature)) return kind;
    }
    if (is_idx(text)) return "an IDX file";
    if (is_pickle(text)) return "a Python pickle";
    if (is_bmp(text)) return "a BMP image";
    if (const std::string_view kind = netpbm_kind(text); !kind.empty()) return kind;
    if (const std::string_view kind = zip_kind(text); !kind.empty()) return kind;
    return text_kind(text);
}

}  // namespace digits
