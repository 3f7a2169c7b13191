// The hand that writes: it turns the glyph of a digit into strokes that are never the same
// twice.
#pragma once

#include <vector>

#include "data/synthetic/glyphs.h"
#include "data/synthetic/strokes.h"
#include "util/random.h"

namespace digits {

// The strokes of a digit whose glyph lies somewhere between the two, which must have the same
// number of points in each stroke (and may be the same). Unit: the digit's height before anything
// bends it.
std::vector<Stroke> sample_strokes(const Glyph& glyph, const Glyph& other, Random& random);

}  // namespace digits
