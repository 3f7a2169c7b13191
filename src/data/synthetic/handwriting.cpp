#include "data/synthetic/handwriting.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace digits {
namespace {

// How far hands differ: standard deviations unless they say otherwise, lengths in heights of the
// digit. Found by laying pages of digits beside MNIST's training images, and by training on the
// one to read the other: a little more variety than people show teaches best.
constexpr double jitter = 0.045;      // of a control point
constexpr double end_jitter = 0.055;  // of a stroke's first and last: the pen lands where it likes
constexpr double mean_slant = 0.1;    // most people lean to the right: x gained per unit of height
constexpr double slant = 0.25;
constexpr double rotation = 0.13;    // sine of the angle
constexpr double stretch = 0.2;      // of width by height, relative
constexpr double bend2 = 0.3;        // of the quadratic terms of a warp
constexpr double bend3 = 0.4;        // of the cubic ones
constexpr double pen = 0.07;         // typical radius of the mark: 1.4 pixels in the box
constexpr double pen_spread = 0.35;  // of the radius from one image to the next, relative
constexpr double pressure = 0.35;    // of the radius along the stroke, relative

// Around 1, as likely twice as much as half: e to the power of a normal number of this deviation,
// taken as (1 + z/8)^8, since exp() may differ in the last bit between systems.
double around_one(double deviation, Random& random) {
    const double root = std::max(0.5, 1 + deviation * random.normal() / 8);
    const double square = root * root;
    const double fourth = square * square;
    return fourth * fourth;
}

// Control points between those of two glyphs, or a little beyond the first, each a little off.
std::vector<Stroke> control_points(const Glyph& glyph, const Glyph& other, double radius,
                                   Random& random) {
    const double mix = random.uniform(-0.15, 0.8);
    std::vector<Stroke> strokes;
    for (std::size_t s = 0; s < glyph.strokes.size(); ++s) {
        const auto& from = glyph.strokes[s];
        const auto& to = other.strokes[s];
        Stroke stroke;
        double off_x = 0, off_y = 0, breadth = 0;
        for (std::size_t i = 0; i < from.size(); ++i) {
            const bool is_corner = i > 0 && from[i] == from[i - 1];
            if (!is_corner) {  // a corner's two points stay together
                const bool is_end = i == 0 || i + 1 == from.size();
                off_x = (is_end ? end_jitter : jitter) * random.normal();
                off_y = (is_end ? end_jitter : jitter) * random.normal();
                breadth = radius * std::max(0.4, 1 + pressure * random.normal());
            }
            stroke.push_back({0.01 * (from[i].x + mix * (to[i].x - from[i].x)) + off_x,
                              0.01 * (from[i].y + mix * (to[i].y - from[i].y)) + off_y, breadth});
        }
        strokes.push_back(stroke);
    }
    return strokes;
}

// A smooth warp of the paper: quadratic and cubic terms in x and y, counted from the digit's
// middle. Neighbouring parts move together, so loops stay loops while their proportions change.
class Warp {
public:
    explicit Warp(Random& random) {
        for (std::size_t i = 0; i < terms; ++i) {
            const double deviation = i < quadratic_terms ? bend2 : bend3;
            along_x_[i] = deviation * random.normal();
            along_y_[i] = deviation * random.normal();
        }
    }

    void operator()(double& x, double& y) const {
        const std::array<double, terms> powers = {x * x,     x * y,     y * y,  //
                                                  x * x * x, x * x * y, x * y * y, y * y * y};
        for (std::size_t i = 0; i < terms; ++i) {
            x += along_x_[i] * powers[i];
            y += along_y_[i] * powers[i];
        }
    }

private:
    static constexpr std::size_t quadratic_terms = 3;
    static constexpr std::size_t terms = 7;
    std::array<double, terms> along_x_;
    std::array<double, terms> along_y_;
};

// Stretches, slants and turns: what changes a whole digit alike.
class Posture {
public:
    explicit Posture(Random& random) {
        width_ = around_one(stretch, random);
        slant_ = mean_slant + slant * random.normal();
        sine_ = std::clamp(rotation * random.normal(), -0.5, 0.5);
        cosine_ = std::sqrt(1 - sine_ * sine_);
    }

    void operator()(double& x, double& y) const {
        const double slanted = width_ * x - slant_ * y;  // y grows downwards
        x = cosine_ * slanted - sine_ * y;
        y = sine_ * slanted + cosine_ * y;
    }

private:
    double width_, slant_, sine_, cosine_;
};

}  // namespace

// The order of the draws is part of the format: another order gives other digits from a seed. So
// each draw is a statement of its own, for C++ leaves open which argument it evaluates first.
std::vector<Stroke> sample_strokes(const Glyph& glyph, const Glyph& other, Random& random) {
    constexpr double middle_x = 0.33, middle_y = 0.5;
    constexpr int steps = 6;  // a span between control points is about 6 pixels long

    const double radius = std::clamp(pen * around_one(pen_spread, random), 0.03, 0.14);
    const double roundness = random.uniform(0.7, 1.25);
    const std::vector<Stroke> controls = control_points(glyph, other, radius, random);
    const Warp warp(random);
    const Posture posture(random);

    std::vector<Stroke> strokes;
    for (const Stroke& stroke : controls) {
        strokes.push_back(smooth_curve(stroke, roundness, steps));
        for (PenPoint& point : strokes.back()) {
            point.x -= middle_x;
            point.y -= middle_y;
            warp(point.x, point.y);
            posture(point.x, point.y);
        }
    }
    return strokes;
}

}  // namespace digits
