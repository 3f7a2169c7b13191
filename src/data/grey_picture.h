// A grey picture of any size, as files of pictures hold it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace digits {

// Light on screen, as files count it: 0 is black, 255 is white. (A Dataset counts ink instead.)
struct GreyPicture {
    std::size_t width = 0;
    std::size_t height = 0;
    std::vector<std::uint8_t> pixels;  // height * width, row after row, the top one first
};

}  // namespace digits
