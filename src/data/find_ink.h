// Finds the ink of a digit in a photograph, a scan or a drawing.
#pragma once

#include <cstddef>
#include <string>

#include "data/connected_components.h"
#include "formats/image.h"

namespace digits {

// The ink of the digit alone, as large as the image: 0 is paper, 1 is full ink. Left out are paper,
// light and shadow (remove_paper), grain, ruled lines, frames, the desk, and specks. Throws
// std::runtime_error, which begins with `name`, if there is no ink.
InkImage find_ink(const GrayImage& image, const std::string& name);

// How many pieces of ink of like height stand side by side. More than one are several digits,
// most likely: the parts of a 4 or a 5 lie one above the other.
std::size_t pieces_side_by_side(const InkImage& ink);

}  // namespace digits
