#include "data/connected_components.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace digits {

InkImage transposed(const InkImage& ink) {
    InkImage result(ink.height, ink.width);
    for (std::size_t y = 0; y < ink.height; ++y) {
        for (std::size_t x = 0; x < ink.width; ++x) result(y, x) = ink(x, y);
    }
    return result;
}

std::vector<Component> connected_components(const InkImage& ink) {
    std::vector<Component> components;
    std::vector<bool> is_found(ink.values.size());
    for (std::size_t start = 0; start < ink.values.size(); ++start) {
        if (is_found[start] || ink.values[start] <= 0.0f) continue;
        is_found[start] = true;
        Component component{{start}, 0.0, ink.width, 0, ink.height, 0};
        for (std::size_t next = 0; next < component.pixels.size(); ++next) {
            const std::size_t i = component.pixels[next], x = i % ink.width, y = i / ink.width;
            component.amount += static_cast<double>(ink.values[i]);
            component.left = std::min(component.left, x);
            component.right = std::max(component.right, x);
            component.top = std::min(component.top, y);
            component.bottom = std::max(component.bottom, y);
            const std::size_t u_end = std::min(x + 2, ink.width);
            const std::size_t v_end = std::min(y + 2, ink.height);
            for (std::size_t v = y > 0 ? y - 1 : y; v < v_end; ++v) {
                for (std::size_t u = x > 0 ? x - 1 : x; u < u_end; ++u) {
                    const std::size_t neighbour = v * ink.width + u;
                    if (is_found[neighbour] || ink.values[neighbour] <= 0.0f) continue;
                    is_found[neighbour] = true;
                    component.pixels.push_back(neighbour);
                }
            }
        }
        components.push_back(std::move(component));
    }
    return components;
}

RectangleFit fit_rectangle(const Component& component, std::size_t image_width) {
    // The leftmost and the rightmost pixel of each row: what lies between counts as filled.
    std::vector<std::size_t> first(component.height(), image_width), last(component.height(), 0);
    for (const std::size_t i : component.pixels) {
        const std::size_t x = i % image_width, row = i / image_width - component.top;
        first[row] = std::min(first[row], x);
        last[row] = std::max(last[row], x);
    }
    double enclosed = 0.0;
    for (std::size_t row = 0; row < first.size(); ++row) {
        enclosed += static_cast<double>(last[row] - first[row] + 1);
    }
    constexpr double infinity = std::numeric_limits<double>::infinity();
    double smallest = infinity;  // the area of the tightest rectangle around it
    for (int degrees = -20; degrees <= 20; degrees += 2) {
        const double angle = degrees * std::numbers::pi / 180.0;
        const double cosine = std::cos(angle), sine = std::sin(angle);
        double left = infinity, right = -infinity, top = infinity, bottom = -infinity;
        for (std::size_t row = 0; row < first.size(); ++row) {
            for (const std::size_t column : {first[row], last[row]}) {
                const double x = static_cast<double>(column), y = static_cast<double>(row);
                left = std::min(left, cosine * x - sine * y);
                right = std::max(right, cosine * x - sine * y);
                top = std::min(top, sine * x + cosine * y);
                bottom = std::max(bottom, sine * x + cosine * y);
            }
        }
        smallest = std::min(smallest, (right - left + 1.0) * (bottom - top + 1.0));
    }
    // An ellipse fills 79 % of the rectangle around it.
    return {enclosed > 0.95 * smallest, enclosed};
}

}  // namespace digits
