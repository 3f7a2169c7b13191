// The orientation of an image, as cameras and phones note it in Exif data.
#pragma once

#include <cstdint>
#include <span>

#include "formats/image.h"

namespace digits {

// The orientation in Exif data (CIPA DC-008), a block that begins with II or MM: from 1, upright,
// to 8. 1 if there is none, or if the data is damaged.
unsigned exif_orientation(std::span<const std::uint8_t> exif);

// The image, mirrored and rotated so that one stored with this orientation stands upright.
GrayImage upright(GrayImage image, unsigned orientation);

}  // namespace digits
