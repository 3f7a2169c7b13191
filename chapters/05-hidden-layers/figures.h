// The figures of chapter 5, and a table: the network of XOR as a graph, its hidden plane, what
// trained networks answer, and the weights of hidden units as images.
//
// No chapter teaches this file; it draws with plot/svg.h, as the reports do.
#pragma once

#include <cmath>
#include <cstdio>
#include <string>
#include <tuple>
#include <vector>

#include "../shared.h"
#include "linalg/matrix.h"
#include "network/loss.h"
#include "network/network.h"
#include "plot/plot.h"

namespace digits {

// A value of the network of XOR, or a row of them, and the derivative of the loss with respect to
// each.
struct Quantity {
    const char* name;
    Matrix value, derivative;
};

// From the loss back to the inputs.
inline std::vector<Quantity> quantities_of(const Network& network, const Matrix& x,
                                           const Activations& activations, double loss,
                                           const Matrix& dz, const Matrix& dx) {
    const auto row = [](const Matrix& m, std::size_t i) { return Matrix{{m(i, 0), m(i, 1)}}; };
    const auto column = [](const Matrix& m) { return Matrix{{m(0, 0), m(1, 0)}}; };
    const std::vector<const Parameter*> list = network.parameters();
    const Parameter &w1 = *list[0], &b1 = *list[1], &w2 = *list[2], &b2 = *list[3];
    const Matrix &u = activations.outputs[0], &h = activations.outputs[1],
                 &z = activations.outputs[2];
    return {{"loss", Matrix{{static_cast<float>(loss)}}, Matrix{{1}}},
            {"z", z, dz},
            {"bias of z", b2.value, b2.gradient},
            {"h1 -> z, h2 -> z", column(w2.value), column(w2.gradient)},
            {"h1, h2", h, activations.gradients[1]},
            {"u1, u2", u, activations.gradients[0]},
            {"biases of u1, u2", b1.value, b1.gradient},
            {"x1 -> u1, x1 -> u2", row(w1.value, 0), row(w1.gradient, 0)},
            {"x2 -> u1, x2 -> u2", row(w1.value, 1), row(w1.gradient, 1)},
            {"x1, x2", x, dx}};
}

inline void print(const std::vector<Quantity>& quantities) {
    std::printf("\nthe point (1, 1), answer 0      value      derivative\n");
    for (const auto& [name, value, derivative] : quantities) {
        std::printf("%-24s", name);
        for (const float v : value.values()) std::printf("%7.4g", as_double(v));
        std::printf(value.columns() == 1 ? "%9s" : "%2s", "");
        for (const float d : derivative.values()) std::printf("%7.4g", as_double(d));
        std::printf("\n");
    }
}

inline void arrow(Svg& svg, Point from, Point to, double radius) {
    const double dx = to.x - from.x, dy = to.y - from.y, length = std::hypot(dx, dy);
    const double x = dx / length, y = dy / length;
    const Point tip{to.x - x * radius, to.y - y * radius};
    const Point base{tip.x - 9 * x, tip.y - 9 * y};
    svg.line(from, base, "faint");
    const Point head[] = {tip, {base.x - 4 * y, base.y + 4 * x}, {base.x + 4 * y, base.y - 4 * x}};
    svg.area(head, "faint");
}

// The number over its derivative.
inline void pair(Svg& svg, Point at, const Quantity& quantity, std::size_t column) {
    const double value = as_double(quantity.value(0, column));
    const std::string shown = str_cat(std::round(value * 100) / 100);
    svg.words({at.x, at.y - 4}, shown, "bold", Anchor::middle);
    svg.words({at.x, at.y + 13}, str_cat(quantity.derivative(0, column)), "s1 bold",
              Anchor::middle);
}

inline void node(Svg& svg, Point at, const char* name, const Quantity& quantity,
                 std::size_t column) {
    svg.dot(at, 24, "ink");
    svg.dot(at, 22.5, "paper");
    pair(svg, at, quantity, column);
    svg.words({at.x, at.y + 42}, name, "label", Anchor::middle);
}

// A weight on its edge, `part` of the way along.
inline void edge(Svg& svg, Point from, Point to, double part, const Quantity& weight,
                 std::size_t column) {
    arrow(svg, from, to, 24);
    const Point at{from.x + part * (to.x - from.x), from.y + part * (to.y - from.y)};
    svg.rectangle({at.x - 19, at.y - 18, 38, 36}, "paper");
    pair(svg, at, weight, column);
}

// A bias that enters a node from `side` (-1: above, 1: below).
inline void bias(Svg& svg, Point to, double side, const Quantity& quantity, std::size_t column) {
    const Point at{to.x - 46, to.y + 64 * side};
    arrow(svg, {at.x + 12, at.y - 20 * side}, to, 24);
    svg.words({at.x - 38, at.y + 4}, "bias", "label", Anchor::middle);
    pair(svg, at, quantity, column);
}

// The rows in the order of the table that the chapter prints.
inline std::string draw_graph(const std::vector<Quantity>& rows) {
    enum { loss, z, output_bias, output_weight, h, u, hidden_bias, from_x1, from_x2, x };
    Svg svg(760, 400, "The network of XOR with values and derivatives on nodes and edges");
    const Point x1{60, 120}, x2{60, 290}, u1{265, 120}, u2{265, 290}, h1{395, 120}, h2{395, 290};
    const Point out{570, 205}, end{700, 205};
    edge(svg, x1, u2, 0.27, rows[from_x1], 1);
    edge(svg, x2, u1, 0.27, rows[from_x2], 0);
    edge(svg, x1, u1, 0.45, rows[from_x1], 0);
    edge(svg, x2, u2, 0.45, rows[from_x2], 1);
    bias(svg, u1, -1, rows[hidden_bias], 0);
    bias(svg, u2, 1, rows[hidden_bias], 1);
    for (const auto& [from, to] : {std::pair{u1, h1}, {u2, h2}}) {
        arrow(svg, from, to, 24);
        svg.words({from.x + 63, from.y - 8}, "ReLU", "label", Anchor::middle);
    }
    edge(svg, h1, out, 0.5, rows[output_weight], 0);
    edge(svg, h2, out, 0.5, rows[output_weight], 1);
    bias(svg, out, -1.3, rows[output_bias], 0);
    arrow(svg, out, end, 24);
    node(svg, x1, "x1", rows[x], 0);
    node(svg, x2, "x2", rows[x], 1);
    node(svg, u1, "u1", rows[u], 0);
    node(svg, u2, "u2", rows[u], 1);
    node(svg, h1, "h1", rows[h], 0);
    node(svg, h2, "h2", rows[h], 1);
    node(svg, out, "z", rows[z], 0);
    node(svg, end, "loss", rows[loss], 0);
    svg.words({400, 362}, "above: the value, on the way forward", "");
    svg.words({400, 382}, "below: the derivative of the loss, on the way back", "s1");
    return svg.str();
}

// A point of XOR and its answer.
inline void answer_dot(Svg& svg, Point at, int answer) {
    svg.dot(at, 11, answer == 1 ? "s0" : "s1");
    svg.words({at.x, at.y + 5}, answer == 1 ? "1" : "0", "on bold", Anchor::middle);
}

// The four points as given, the bent line through the answers, and the points as the hidden units
// have them.
inline std::string draw_planes() {
    Svg svg(760, 280, "The four points before and after the hidden layer");
    constexpr double side = 190, top = 50;
    const auto panel = [&](double left, const char* title, const char* across, const char* up) {
        svg.words({left, top - 16}, title, "label");
        svg.frame({left, top, side, side}, "grid");
        svg.words({left + side / 2, top + side + 20}, across, "label", Anchor::middle);
        svg.words({left - 8, top + side / 2}, up, "label", Anchor::end);
    };
    // From axis units to the panel; `low` is the coordinate of its lower left corner.
    const auto at = [](double left, double low, double unit, double x, double y) {
        return Point{left + unit * (x - low), top + side - unit * (y - low)};
    };
    panel(40, "given: no line separates", "x1", "x2");
    for (const auto& [x, y, answer] :
         {std::tuple{0.0, 0.0, 0}, {0.0, 1.0, 1}, {1.0, 0.0, 1}, {1.0, 1.0, 0}}) {
        answer_dot(svg, at(40, -0.4, side / 1.8, x, y), answer);
    }
    panel(300, "a bend at 1", "x1 + x2", "answer");
    const auto middle = [&](double x, double y) { return at(300, -0.5, side / 3, x, y); };
    svg.line(middle(1, 1), middle(2.3, 2.3), "s0 dashed");
    svg.words(middle(0.75, 2.0), "h1 alone", "small");
    const Point bent[] = {middle(-0.4, 0), middle(0, 0), middle(1, 1), middle(2.4, -0.4)};
    svg.polyline(bent, "s0");
    answer_dot(svg, middle(0, 0), 0);
    answer_dot(svg, middle(1, 1), 1);
    answer_dot(svg, middle(2, 0), 0);
    panel(555, "hidden: a line separates", "h1", "h2");
    const auto plane = [&](double x, double y) { return at(555, -0.5, side / 3, x, y); };
    const Point positive[] = {plane(-0.5, -0.5), plane(2.5, -0.5), plane(2.5, 1.0)};
    svg.area(positive, "s0 pale");
    svg.line(plane(-0.5, -0.5), plane(2.5, 1.0), "");
    answer_dot(svg, plane(0, 0), 0);
    answer_dot(svg, plane(1, 0), 1);
    answer_dot(svg, plane(2, 1), 0);
    svg.words(plane(1.2, -0.25), "two points", "small");
    svg.words(plane(0.35, 1.5), "z = 0", "label");
    svg.line(plane(0.75, 1.35), plane(1.35, 0.5), "faint");
    return svg.str();
}

// What networks answer on the square [-0.25, 1.25]: blue where they say 1, orange where 0.
inline std::string draw_answers(const std::vector<Network>& networks,
                                const std::vector<std::string>& names) {
    Svg svg(760, 222, "The exclusive or, as one layer and as two layers see it");
    constexpr std::size_t side = 60;
    Matrix points(side * side, 2), answers(side, side), probabilities;
    for (std::size_t i = 0; i < points.rows(); ++i) {
        points(i, 0) = static_cast<float>(i % side) / (side - 1) * 1.5f - 0.25f;
        points(i, 1) = 1.25f - static_cast<float>(i / side) / (side - 1) * 1.5f;
    }
    Activations activations;
    constexpr double size = 162, top = 40;
    for (std::size_t n = 0; n < networks.size(); ++n) {
        softmax(networks[n].forward(points, activations), probabilities);
        for (std::size_t i = 0; i < points.rows(); ++i)
            answers.values()[i] = probabilities(i, 1) - probabilities(i, 0);
        const double left = 20 + 186 * static_cast<double>(n);
        svg.words({left, top - 10}, names[n], "label");
        svg.pixels({left, top, size, size}, signed_pixels(answers, 1.0));
        svg.frame({left, top, size, size}, "grid");
        for (const auto& [x, y, answer] :
             {std::tuple{0, 0, "0"}, {0, 1, "1"}, {1, 0, "1"}, {1, 1, "0"}}) {
            const Point at{left + size * (x + 0.25) / 1.5, top + size * (1.25 - y) / 1.5};
            svg.dot(at, 11, "paper");
            svg.words({at.x, at.y + 5}, answer, "bold", Anchor::middle);
        }
    }
    return svg.str();
}

// The weights of the first hidden units, each as an image.
inline std::string draw_units(const Matrix& weight, std::size_t image_rows,
                              std::size_t image_columns) {
    Svg svg(760, 206, "The weights of sixteen hidden units as images");
    for (std::size_t unit = 0; unit < 16 && unit < weight.columns(); ++unit) {
        Matrix image(image_rows, image_columns);
        for (std::size_t i = 0; i < weight.rows(); ++i) image.values()[i] = weight(i, unit);
        const double left = 18.0 + 91.5 * static_cast<double>(unit % 8);
        svg.pixels({left, unit < 8 ? 14.0 : 108.0, 84, 84}, signed_pixels(image, 0.3));
    }
    return svg.str();
}

}  // namespace digits
