// Draws a curve in the terminal, in dots that are smaller than a character.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "plot/terminal_image.h"

namespace digits {

// The values from left to right, at most 60 characters wide and 6 lines high, with the highest and
// the lowest written beside them; every line ends with a newline. A column of dots shows the mean
// of the values that fall into it. The scale is logarithmic where they are all positive and span
// much. A character has 2 x 4 dots, those of Braille; in the style `ascii`, which has no such
// characters, 1 x 2. What is not finite is left out; "" when nothing remains, or `width` is too
// small.
std::string draw_curve(std::span<const double> values, ImageStyle style, std::size_t width);

}  // namespace digits
