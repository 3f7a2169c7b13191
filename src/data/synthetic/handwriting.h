// Random handwriting: turns a glyph template into strokes, distorted differently each time.
#pragma once

#include <vector>

#include "data/synthetic/glyphs.h"
#include "data/synthetic/strokes.h"
#include "util/random.h"

namespace digits {

// Random strokes for a digit, interpolated between two glyphs (or the same one twice), which must
// have equal numbers of points in each stroke. Unit: the height of the undistorted digit.
std::vector<Stroke> sample_strokes(const Glyph& glyph, const Glyph& other, Random& random);

}  // namespace digits
