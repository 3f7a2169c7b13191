// Chapter 9: optimizers and learning-rate schedules, on a ravine and on digits.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <vector>

#include "../book.h"
#include "../shared.h"
#include "../training.h"
#include "data/dataset.h"
#include "linalg/matrix.h"
#include "network/layer.h"
#include "network/network.h"
#include "plot/plot.h"
#include "training/lr_schedule.h"
#include "training/optimizer.h"
#include "util/random.h"

namespace digits {
namespace {

struct Rule {
    const char* name;
    OptimizerKind kind;
    double ravine_rate, digits_rate;
};

constexpr Rule rules[] = {
    {"sgd", OptimizerKind::sgd, 0.015, 0.1},
    {"momentum", OptimizerKind::momentum, 0.015, 0.02},
    {"nesterov", OptimizerKind::nesterov, 0.01, 0.02},
    {"rmsprop", OptimizerKind::rmsprop, 0.2, 0.001},
    {"adam", OptimizerKind::adam, 0.5, 0.001},
};

// The loss (x^2 + 100 y^2) / 2: 100 times as steep across as along. Its gradient is (x, 100 y).
std::vector<Point> walk(const Rule& rule, std::size_t steps) {
    Parameter place{"place", Matrix{{10, 1}}, Matrix(1, 2)};
    Parameter* const list[] = {&place};
    OptimizerSettings settings;
    settings.kind = rule.kind;
    Optimizer optimizer(settings);
    std::vector<Point> path{{10, 1}};
    for (std::size_t i = 0; i < steps; ++i) {
        place.gradient = Matrix{{place.value(0, 0), 100 * place.value(0, 1)}};
        optimizer.step(list, rule.ravine_rate);
        path.push_back({as_double(place.value(0, 0)), as_double(place.value(0, 1))});
    }
    return path;
}

std::string draw_ravine() {
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
            plot.series.push_back({"", walk(rule, 30), 1});
            draw(svg,
                 {360.0 * static_cast<double>(panel % 2), 235.0 * static_cast<double>(panel / 2),
                  360, 235},
                 plot);
        }
    }
    return svg.str();
}

double mean_of_last(const std::vector<double>& losses, std::size_t count) {
    double sum = 0.0;
    for (std::size_t i = losses.size() - count; i < losses.size(); ++i) sum += losses[i];
    return sum / static_cast<double>(count);
}

// An exponential moving average with decay 0.98; of the first 50 losses, their plain mean.
Series moving_average(const char* name, const std::vector<double>& losses, std::size_t colour) {
    Series series{name, {}, colour};
    double mean = losses[0];
    for (std::size_t i = 0; i < losses.size(); ++i) {
        mean += (losses[i] - mean) * std::max(0.02, 1.0 / static_cast<double>(i + 1));
        if (i % 10 == 9) series.points.push_back({static_cast<double>(i + 1), mean});
    }
    return series;
}

void chapter(Chapter& book) {
    std::printf(
        "on the ravine  rate     after 1 step        after 2 steps       distance after 100\n");
    for (const Rule& rule : rules) {
        const std::vector<Point> path = walk(rule, 100);
        std::printf("%-10s %8g %10.3f %7.3f %10.3f %7.3f %12.4f\n", rule.name, rule.ravine_rate,
                    path[1].x, path[1].y, path[2].x, path[2].y,
                    std::hypot(path.back().x, path.back().y));
    }
    const std::vector<Point> plain = walk(rules[0], 1);
    book.claim(std::abs(plain[1].x - 9.85) < 1e-5 && std::abs(plain[1].y + 0.5) < 1e-5,
               "the first plain step ends at (9.85, -0.5)");
    book.figure("ravine.svg", draw_ravine);

    const Dataset &train = book.data().train, &test = book.data().test;
    const Batch asked = whole(test);
    Activations activations;
    const auto run = [&](const Plan& plan, double& percent) {
        Random random(1);
        Network network = build_network(train.inputs(), train.classes, {.hidden = {128}}, random);
        const std::vector<double> losses =
            train_with(network, train, plan, [](std::size_t) { return true; });
        percent = accuracy(network.forward(asked.input, activations), asked.labels);
        return losses;
    };
    LinePlot curves{"Five optimizers, the same start and the same batches",
                    Axis{"step"},
                    Axis{"loss, smoothed", {}, {}, true},
                    {}};
    std::printf("\non digits     rate     loss, first and last 100 steps   test accuracy\n");
    for (const Rule& rule : rules) {
        Plan plan;
        plan.optimizer.kind = rule.kind;
        plan.schedule = {ScheduleKind::constant, rule.digits_rate};
        double percent = 0.0;
        const std::vector<double> losses = run(plan, percent);
        const std::vector<double> start(losses.begin(), losses.begin() + 100);
        std::printf("%-10s %7g %12.3f %14.3f %19.2f %%\n", rule.name, rule.digits_rate,
                    mean_of_last(start, 100), mean_of_last(losses, 100), percent);
        curves.series.push_back(moving_average(rule.name, losses, curves.series.size()));
    }
    book.figure("optimizers.svg", [&] { return svg_of(curves, 720, 380); });

    std::printf("\nnesterov at 0.1, by schedule\n");
    for (const ScheduleSettings& schedule : {ScheduleSettings{ScheduleKind::constant, 0.1},
                                             {ScheduleKind::step, 0.1},
                                             {ScheduleKind::cosine, 0.1},
                                             {ScheduleKind::cosine, 0.1, 200}}) {
        Plan plan;
        plan.schedule = schedule;
        double percent = 0.0;
        const std::vector<double> losses = run(plan, percent);
        std::printf("%-8s %-14s %12.3f %19.2f %%\n",
                    std::string(schedule_names[static_cast<std::size_t>(schedule.kind)]).c_str(),
                    schedule.warmup_steps > 0 ? "after warm-up" : "", mean_of_last(losses, 100),
                    percent);
    }
}

}  // namespace
}  // namespace digits

int main(int argument_count, char** arguments) {
    return digits::run_chapter(argument_count, arguments, digits::chapter);
}
