// Draws a curve in the terminal with Braille dots, which are smaller than a character.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "plot/terminal_image.h"

namespace digits {

// The values from left to right, at most 60 characters wide and 6 lines high; every line ends with
// a newline. A column of dots shows the mean of the values that fall into it; the highest and the
// lowest mean label the vertical axis, which is logarithmic if all means are positive and span more
// than a factor of 5. A character has 2 x 4 dots, those of Braille; in the style `ascii`, 1 x 2.
// Values that are not finite are dropped; returns "" if none remain or if `width` is too small.
std::string draw_curve(std::span<const double> values, ImageStyle style, std::size_t width);

}  // namespace digits
