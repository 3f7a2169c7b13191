// The ways in which people write the ten digits, as a few points each.
#pragma once

#include <string>
#include <vector>

namespace digits {

// In hundredths of the digit's height: x to the right, y downwards.
struct GlyphPoint {
    int x;
    int y;
    bool operator==(const GlyphPoint&) const = default;
};

// One way of writing a digit. The pen goes through the points of a stroke in a smooth curve; a
// point written twice is a corner. Skeletons of one digit with the same number of points in every
// stroke (all can be laid over one another, point by point) may be mixed, and what lies between
// them is a digit too: so corresponding points stand in the same place of the list.
struct Glyph {
    int digit;
    std::string name;
    double share;  // how often, relative to the digit's other glyphs
    std::vector<std::vector<GlyphPoint>> strokes;
};

const std::vector<Glyph>& glyphs();

}  // namespace digits
