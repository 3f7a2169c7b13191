// The ravine of chapter 9: a loss of two weights, and the walks of all update rules down it.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "../book.h"
#include "../shared.h"
#include "linalg/matrix.h"
#include "network/layer.h"
#include "plot/plot.h"
#include "training/optimizer.h"

namespace digits {

struct Rule {
    const char* name;
    OptimizerSettings settings;
    double ravine_rate, digits_rate;
};

// The last is RMSProp with Adam's correction: Adam with a mean of the gradients that forgets all.
constexpr Rule rules[] = {
    {"sgd", {.kind = OptimizerKind::sgd}, 0.015, 0.1},
    {"momentum", {.kind = OptimizerKind::momentum}, 0.015, 0.02},
    {"nesterov", {.kind = OptimizerKind::nesterov}, 0.01, 0.02},
    {"rmsprop", {.kind = OptimizerKind::rmsprop}, 0.2, 0.001},
    {"adam", {.kind = OptimizerKind::adam}, 0.5, 0.001},
    {"corrected", {.kind = OptimizerKind::adam, .beta1 = 0.0, .beta2 = 0.99}, 0.2, 0.001},
};

// The loss (x^2 + 100 y^2) / 2: 100 times as steep across as along. Its gradient is (x, 100 y).
inline std::vector<Point> walk(const OptimizerSettings& settings, double rate, std::size_t steps) {
    Parameter place{"place", Matrix{{10, 1}}, Matrix(1, 2)};
    Parameter* const list[] = {&place};
    Optimizer optimizer(settings);
    std::vector<Point> path{{10, 1}};
    for (std::size_t i = 0; i < steps; ++i) {
        place.gradient = Matrix{{place.value(0, 0), 100 * place.value(0, 1)}};
        optimizer.step(list, rate);
        path.push_back({as_double(place.value(0, 0)), as_double(place.value(0, 1))});
    }
    return path;
}

inline double distance(const std::vector<Point>& path) {
    return std::hypot(path.back().x, path.back().y);
}

inline std::string draw_ravine() {
    Svg svg(720, 470, "The paths of four optimizers down a ravine");
    const char* shown[] = {"sgd", "momentum", "rmsprop", "adam"};
    for (std::size_t panel = 0; panel < 4; ++panel) {
        for (const Rule& rule : rules) {
            if (rule.name != std::string_view(shown[panel])) continue;
            LinePlot plot{rule.name, Axis{"x", -11.0, 11.0}, Axis{"y", -1.2, 1.2}, {}};
            for (const double height : {1.0, 6.0, 16.0, 35.0, 60.0}) {
                Series ring{"", {}, 0, "thin pale"};
                for (double angle = 0.0; angle < 6.3; angle += 0.05) {
                    ring.points.push_back({std::sqrt(2 * height) * std::cos(angle),
                                           std::sqrt(2 * height / 100) * std::sin(angle)});
                }
                plot.series.push_back(ring);
            }
            plot.series.push_back({"", walk(rule.settings, rule.ravine_rate, 30), 1});
            draw(svg,
                 {360.0 * static_cast<double>(panel % 2), 235.0 * static_cast<double>(panel / 2),
                  360, 235},
                 plot);
        }
    }
    return svg.str();
}

// All rules with these rates, or with `rate` and `momentum` if they were given.
inline void walk_the_ravine(Chapter& book, double rate, double momentum) {
    std::printf(
        "on the ravine  rate     after 1 step        after 2 steps       distance after 100\n");
    for (Rule rule : rules) {
        if (rate > 0.0) rule.ravine_rate = rate;
        rule.settings.momentum = momentum;
        const std::vector<Point> path = walk(rule.settings, rule.ravine_rate, 100);
        std::printf("%-10s %8g %10.3f %7.3f %10.3f %7.3f %12.4g\n", rule.name, rule.ravine_rate,
                    path[1].x, path[1].y, path[2].x, path[2].y, distance(path));
    }
    const std::vector<Point> plain = walk(rules[0].settings, 0.015, 1);
    book.claim(std::abs(plain[1].x - 9.85) < 1e-5 && std::abs(plain[1].y + 0.5) < 1e-5,
               "the first plain step ends at (9.85, -0.5)");

    std::printf("\nlargest rate  by formula     1 %% less, 1 %% more: distance after 200\n");
    const double limits[] = {2.0 / 100, 2 * (1 + momentum) / 100,
                             2 * (1 + momentum) / (1 + 2 * momentum) / 100};
    for (std::size_t i = 0; i < 3; ++i) {
        OptimizerSettings settings = rules[i].settings;
        settings.momentum = momentum;
        const double below = distance(walk(settings, 0.99 * limits[i], 200));
        const double above = distance(walk(settings, 1.01 * limits[i], 200));
        std::printf("%-10s %14.5f %14.2g %10.2g\n", rules[i].name, limits[i], below, above);
        book.claim(!book.as_in_the_text() || (below < 1.0 && above > 10.0),
                   "one percent decides between arriving and flying away");
    }
}

}  // namespace digits
