#include "data/synthetic/strokes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "data/normalize_digit.h"
#include "util/require.h"

namespace digits {
namespace {

bool same_place(const PenPoint& a, const PenPoint& b) {
    return a.x == b.x && a.y == b.y;
}

// Cubic Hermite interpolation: at `a` with velocity `va` for t = 0, at `b` with `vb` for t = 1.
double hermite(double a, double va, double b, double vb, double t) {
    const double t2 = t * t;
    const double t3 = t2 * t;
    return a * (2 * t3 - 3 * t2 + 1) + va * (t3 - 2 * t2 + t) + b * (3 * t2 - 2 * t3) +
           vb * (t3 - t2);
}

// The smallest axis-aligned rectangle that contains all ink.
struct Bounds {
    double left, top, right, bottom;
};

Bounds bounding_box(std::span<const Stroke> strokes) {
    const PenPoint& first = strokes.front().front();
    Bounds box{first.x, first.y, first.x, first.y};
    for (const Stroke& stroke : strokes) {
        for (const PenPoint& point : stroke) {
            box.left = std::min(box.left, point.x - point.radius);
            box.top = std::min(box.top, point.y - point.radius);
            box.right = std::max(box.right, point.x + point.radius);
            box.bottom = std::max(box.bottom, point.y + point.radius);
        }
    }
    return box;
}

// The ink of each pixel of the box, 0 to 1, row after row.
using Ink = std::array<double, box_size * box_size>;

std::size_t cell(int row, int column) {
    return static_cast<std::size_t>(row * box_size + column);
}

// Draws an anti-aliased line from a to b, whose radius changes linearly from one to the other. A
// pixel keeps its maximum, so that ink does not add up where strokes cross.
void draw_line(const PenPoint& a, const PenPoint& b, Ink& ink) {
    const double reach = std::max(a.radius, b.radius) + 0.5;
    const auto pixel = [](double position) {
        return static_cast<int>(std::clamp(position, 0.0, double{box_size}));
    };
    const int left = pixel(std::min(a.x, b.x) - reach);
    const int right = pixel(std::max(a.x, b.x) + reach + 1);
    const int top = pixel(std::min(a.y, b.y) - reach);
    const int bottom = pixel(std::max(a.y, b.y) + reach + 1);

    const double dx = b.x - a.x;
    const double dy = b.y - a.y;
    const double length_squared = dx * dx + dy * dy;
    const double inverse = length_squared > 0 ? 1 / length_squared : 0;
    for (int row = top; row < bottom; ++row) {
        for (int column = left; column < right; ++column) {
            // From the pixel's centre to the nearest point of the line, a + t (b - a).
            const double x = column + 0.5 - a.x;
            const double y = row + 0.5 - a.y;
            const double t = std::clamp((x * dx + y * dy) * inverse, 0.0, 1.0);
            const double away_x = x - t * dx;
            const double away_y = y - t * dy;
            const double distance = std::sqrt(away_x * away_x + away_y * away_y);
            // How much of a pixel lies inside a straight edge at this distance from its centre.
            const double inside = a.radius + t * (b.radius - a.radius) - distance;
            const double coverage = std::clamp(inside + 0.5, 0.0, 1.0);
            ink[cell(row, column)] = std::max(ink[cell(row, column)], coverage);
        }
    }
}

// Scales the strokes to fit the box, with the shorter side centred.
Ink draw_in_box(std::span<const Stroke> strokes) {
    const Bounds box = bounding_box(strokes);
    const double scale = box_size / std::max(box.right - box.left, box.bottom - box.top);
    const double left = (box.left + box.right - box_size / scale) / 2;
    const double top = (box.top + box.bottom - box_size / scale) / 2;
    const auto to_pixels = [&](const PenPoint& point) {
        return PenPoint{(point.x - left) * scale, (point.y - top) * scale, point.radius * scale};
    };
    Ink ink{};
    for (const Stroke& stroke : strokes) {
        for (std::size_t i = 0; i + 1 < stroke.size(); ++i) {
            draw_line(to_pixels(stroke[i]), to_pixels(stroke[i + 1]), ink);
        }
    }
    return ink;
}

// Extent and first moment of the ink along one axis, which determine where it is placed.
struct AxisExtent {
    int first = box_size;  // pixel with ink
    int last = 0;
    double moment = 0;  // sum of ink times pixel number

    void add(int position, double amount) {
        first = std::min(first, position);
        last = std::max(last, position);
        moment += amount * position;
    }

    // By how many pixels to move the box to centre the ink by mass.
    int shift(double mass) const {
        return static_cast<int>(centring_shift(moment / mass, first, last, image_size));
    }
};

}  // namespace

Stroke smooth_curve(const Stroke& controls, double roundness, int steps) {
    Stroke curve;
    curve.reserve(controls.size() * static_cast<std::size_t>(steps));
    curve.push_back(controls.front());
    for (std::size_t i = 0; i + 1 < controls.size(); ++i) {
        const PenPoint& a = controls[i];
        const PenPoint& b = controls[i + 1];
        if (same_place(a, b)) continue;
        // Catmull and Rom (1974): the tangent in each point is parallel to the line through its two
        // neighbours; a corner or an end has a neighbour on one side only.
        const PenPoint& before = controls[i > 0 ? i - 1 : i];
        const PenPoint& after = controls[i + 2 < controls.size() ? i + 2 : i + 1];
        const double tangent_scale = roundness / 2;
        for (int step = 1; step <= steps; ++step) {
            const double t = static_cast<double>(step) / steps;
            curve.push_back({hermite(a.x, tangent_scale * (b.x - before.x), b.x,
                                     tangent_scale * (after.x - a.x), t),
                             hermite(a.y, tangent_scale * (b.y - before.y), b.y,
                                     tangent_scale * (after.y - a.y), t),
                             a.radius + t * (b.radius - a.radius)});
        }
    }
    return curve;
}

void draw_digit(std::span<const Stroke> strokes, std::span<std::uint8_t> image) {
    require(image.size() == image_size * image_size,
            "draw_digit: an image has 28 x 28 pixels, not ", image.size());
    const Ink ink = draw_in_box(strokes);

    AxisExtent x, y;
    double mass = 0;
    double darkest = 0;
    for (int row = 0; row < box_size; ++row) {
        for (int column = 0; column < box_size; ++column) {
            const double amount = ink[cell(row, column)];
            if (amount == 0) continue;
            x.add(column, amount);
            y.add(row, amount);
            mass += amount;
            darkest = std::max(darkest, amount);
        }
    }

    std::fill(image.begin(), image.end(), std::uint8_t{0});
    const int right = x.shift(mass);
    const int down = y.shift(mass);
    const double to_byte = 255 / darkest;  // even MNIST's thinnest strokes reach full ink
    for (int row = y.first; row <= y.last; ++row) {
        for (int column = x.first; column <= x.last; ++column) {
            image[static_cast<std::size_t>((row + down) * image_size + column + right)] =
                static_cast<std::uint8_t>(ink[cell(row, column)] * to_byte + 0.5);
        }
    }
}

}  // namespace digits
