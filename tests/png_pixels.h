// The pixels that the reader finds in a PNG file, as text to compare.
#pragma once

#include <string>

#include "formats/image.h"
#include "png_builder.h"
#include "util/text.h"

namespace digits::testing {

inline std::string pixels(const Bytes& file, Paper paper = Paper::white) {
    std::string list;
    for (const int pixel : decode_image(file, "test", paper).pixels) {
        list += str_cat(list.empty() ? "" : " ", pixel);
    }
    return list;
}

inline std::string pixels(const PngBuilder& builder, Paper paper = Paper::white) {
    return pixels(builder.file(), paper);
}

}  // namespace digits::testing
