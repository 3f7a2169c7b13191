#include "formats/image.h"

#include "formats/file_kind.h"
#include "util/require.h"

namespace digits {
namespace {

// What to do with a file that is no PNG or Netpbm image.
std::string_view advice(std::string_view kind) {
    const auto mentions = [&](const char* words) { return kind.find(words) != kind.npos; };
    if (mentions("converting it to text")) return "transfer it again, as binary data";
    if (mentions("base64") || mentions("data URL")) return "decode it first";
    if (kind.empty() || mentions(" image") || mentions(" document") || mentions(" drawing")) {
        return "save it as PNG";
    }
    if (mentions(" archive") || mentions("gzip")) return "unpack the image first";
    if (kind == "an HTML page") return "save the image itself, not the page that shows it";
    return "is it the right file?";
}

}  // namespace

GrayImage decode_image(std::span<const std::uint8_t> bytes, const std::string& name, Paper paper) {
    if (bytes.size() >= 2 && bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '7') {
        return decode_netpbm(bytes, name, paper);
    }
    // A PNG that was sent as text is still recognized: decode_png() says what happened to it.
    if (bytes.size() >= 2 && bytes[0] == png_signature[0] && bytes[1] == png_signature[1]) {
        return decode_png(bytes, name, paper);
    }
    const std::string_view kind = file_kind(bytes);
    fail(name, ": expected an image as PNG, PBM, PGM, PPM or PAM, found ",
         kind.empty() ? "something else" : kind, "; ", advice(kind));
}

}  // namespace digits
