// Rasterizes pen strokes: smooth curves, anti-aliased ink, MNIST's bounding box and centring.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace digits {

// A point on the path of the pen, and the radius of its mark there. x grows to the right and y
// downwards; the unit is the caller's, until draw_digit() scales everything to pixels.
struct PenPoint {
    double x = 0;
    double y = 0;
    double radius = 0;
};
using Stroke = std::vector<PenPoint>;  // from pen down to pen up

// A cubic spline through all control points, `steps` points for each span between two of them. Two
// equal points in a row make a corner. `roundness` 1 is the Catmull-Rom spline, 0 is straight
// lines.
Stroke smooth_curve(const Stroke& controls, double roundness, int steps);

inline constexpr int image_size = 28;  // pixels, both ways
inline constexpr int box_size = 20;    // the digit's longer side fills this many of them

// Draws the strokes into 28 x 28 pixels, 0 for paper to 255 for ink, the way MNIST was made (LeCun,
// Bottou, Bengio and Haffner, "Gradient-Based Learning Applied to Document Recognition", 1998,
// section III A): the ink is scaled, with its aspect ratio kept, to fit a box of 20 x 20 pixels;
// the box is then moved by whole pixels until the centre of mass lies on the pixel (14, 14).
void draw_digit(std::span<const Stroke> strokes, std::span<std::uint8_t> image);

}  // namespace digits
