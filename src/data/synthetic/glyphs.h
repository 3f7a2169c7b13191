// Glyph templates: the ways in which people write the ten digits, as a few control points each.
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

// One way of writing a digit. The pen follows a smooth curve through the points of a stroke; a
// point written twice is a corner. Glyphs of one digit with equal numbers of points in each stroke
// can be interpolated point by point. To make what lies between them that digit, too, corresponding
// points have the same index.
struct Glyph {
    int digit;
    std::string name;
    double share;  // relative frequency among the glyphs of the digit
    std::vector<std::vector<GlyphPoint>> strokes;
};

const std::vector<Glyph>& glyphs();

}  // namespace digits
