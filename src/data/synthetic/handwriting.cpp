#include "data/synthetic/handwriting.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace digits {
namespace {

// Variation between writers: standard deviations unless stated otherwise, lengths in heights of the
// digit. Tuned by comparing pages of digits with MNIST's training images, and by training on the
// one and testing on the other: slightly more variety than people show works best.
constexpr double jitter = 0.045;      // of a control point
constexpr double end_jitter = 0.055;  // of a stroke's first and last, which vary more
constexpr double mean_slant = 0.1;    // most people lean to the right: x gained per unit of height
constexpr double slant = 0.25;
constexpr double rotation = 0.13;    // sine of the angle
constexpr double stretch = 0.2;      // of width relative to height
constexpr double bend2 = 0.3;        // of the quadratic terms of a warp
constexpr double bend3 = 0.4;        // of the cubic ones
constexpr double pen = 0.07;         // typical radius of the pen: 1.4 pixels in the box
constexpr double pen_spread = 0.35;  // of the radius from one image to the next, relative
constexpr double pressure = 0.35;    // of the radius along the stroke, relative

// A log-normal factor with a median of 1: e to the power of a normal number with this standard
// deviation, computed as (1 + z/8)^8 because exp() may differ in the last bit between systems.
double log_normal_factor(double deviation, Random& random) {
    const double root = std::max(0.5, 1 + deviation * random.normal() / 8);
    const double square = root * root;
    const double fourth = square * square;
    return fourth * fourth;
}

// Control points interpolated between two glyphs, or extrapolated a little beyond the first, each
// with random jitter.
std::vector<Stroke> control_points(const Glyph& glyph, const Glyph& other, double radius,
                                   Random& random) {
    const double mix = random.uniform(-0.15, 0.8);
    std::vector<Stroke> strokes;
    for (std::size_t s = 0; s < glyph.strokes.size(); ++s) {
        const auto& from = glyph.strokes[s];
        const auto& to = other.strokes[s];
        Stroke stroke;
        double off_x = 0, off_y = 0, pen_radius = 0;
        for (std::size_t i = 0; i < from.size(); ++i) {
            const bool is_corner = i > 0 && from[i] == from[i - 1];
            if (!is_corner) {  // the two points of a corner stay together
                const bool is_end = i == 0 || i + 1 == from.size();
                off_x = (is_end ? end_jitter : jitter) * random.normal();
                off_y = (is_end ? end_jitter : jitter) * random.normal();
                pen_radius = radius * std::max(0.4, 1 + pressure * random.normal());
            }
            stroke.push_back({0.01 * (from[i].x + mix * (to[i].x - from[i].x)) + off_x,
                              0.01 * (from[i].y + mix * (to[i].y - from[i].y)) + off_y,
                              pen_radius});
        }
        strokes.push_back(stroke);
    }
    return strokes;
}

// A smooth deformation of the plane: quadratic and cubic terms in x and y, relative to the digit's
// centre. Neighbouring parts move together, so loops stay loops while their proportions change.
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

// Stretch, slant and rotation: a linear map of the whole digit.
class LinearMap {
public:
    explicit LinearMap(Random& random) {
        width_ = log_normal_factor(stretch, random);
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

// The order of the random draws is part of the format: in a different order, the same seed gives
// different digits. Each draw is a statement of its own because C++ does not specify the order in
// which arguments are evaluated.
std::vector<Stroke> sample_strokes(const Glyph& glyph, const Glyph& other, Random& random) {
    constexpr double middle_x = 0.33, middle_y = 0.5;
    constexpr int steps = 6;  // per span between control points, which is about 6 pixels long

    const double radius = std::clamp(pen * log_normal_factor(pen_spread, random), 0.03, 0.14);
    const double roundness = random.uniform(0.7, 1.25);
    const std::vector<Stroke> controls = control_points(glyph, other, radius, random);
    const Warp warp(random);
    const LinearMap linear_map(random);

    std::vector<Stroke> strokes;
    for (const Stroke& stroke : controls) {
        strokes.push_back(smooth_curve(stroke, roundness, steps));
        for (PenPoint& point : strokes.back()) {
            point.x -= middle_x;
            point.y -= middle_y;
            warp(point.x, point.y);
            linear_map(point.x, point.y);
        }
    }
    return strokes;
}

}  // namespace digits
