#include "formats/image.h"

#include "util/require.h"

namespace digits {

GrayImage decode_image(std::span<const std::uint8_t> bytes, const std::string& name) {
    if (bytes.size() >= 2 && bytes[0] == 'P' && (bytes[1] == '2' || bytes[1] == '5')) {
        return decode_pgm(bytes, name);
    }
    if (bytes.size() >= 2 && bytes[0] == 0x89 && bytes[1] == 'P') return decode_png(bytes, name);
    const bool is_jpeg = bytes.size() >= 2 && bytes[0] == 0xff && bytes[1] == 0xd8;
    fail(name, ": expected an image as PNG or PGM (P2 or P5), found ",
         bytes.empty() ? "an empty file"
         : is_jpeg     ? "JPEG"
                       : "something else",
         "; save it as PNG");
}

}  // namespace digits
