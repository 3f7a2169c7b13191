#include "formats/image.h"

#include "util/require.h"

namespace digits {

GrayImage decode_image(std::span<const std::uint8_t> bytes, const std::string& name) {
    if (bytes.size() >= 2 && bytes[0] == 'P' && (bytes[1] == '2' || bytes[1] == '5')) {
        return decode_pgm(bytes, name);
    }
    // A PNG that was sent as text is still recognized: decode_png() says what happened to it.
    if (bytes.size() >= 2 && bytes[0] == png_signature[0] && bytes[1] == png_signature[1]) {
        return decode_png(bytes, name);
    }
    const bool is_jpeg = bytes.size() >= 2 && bytes[0] == 0xff && bytes[1] == 0xd8;
    fail(name, ": expected an image as PNG or PGM (P2 or P5), found ",
         bytes.empty() ? "an empty file"
         : is_jpeg     ? "JPEG"
                       : "something else",
         "; save it as PNG");
}

}  // namespace digits
