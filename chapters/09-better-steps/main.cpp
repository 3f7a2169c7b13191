// Chapter 9: optimizers and learning-rate schedules, on a ravine and on digits.
#include <algorithm>
#include <cstdio>
#include <vector>

#include "../book.h"
#include "../shared.h"
#include "../training.h"
#include "data/dataset.h"
#include "network/network.h"
#include "plot/plot.h"
#include "ravine.h"
#include "training/lr_schedule.h"
#include "training/optimizer.h"
#include "util/random.h"

namespace digits {
namespace {

constexpr struct {
    const char* name;
    ScheduleSettings settings;
} schedules[] = {
    {"constant", {ScheduleKind::constant, 0.1}},
    {"step", {ScheduleKind::step, 0.1}},
    {"cosine", {ScheduleKind::cosine, 0.1}},
    {"cosine after warm-up", {ScheduleKind::cosine, 0.1, 200}},
};

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
    const double rate = as_double(book.real("--learning-rate", 0.0f));
    const float momentum = book.real("--momentum", 0.9f);
    walk_the_ravine(book, rate, as_double(momentum));
    book.figure("ravine.svg", draw_ravine);
    if (rate > 0.0 || momentum != 0.9f) return;

    const Dataset &train = book.data().train, &test = book.data().test;
    const Batch asked = whole(test);
    Activations activations;
    const auto run = [&](Plan plan, std::size_t seed, double& percent) {
        plan.epochs = book.number("--epochs", 3);
        plan.seed = seed;
        Random random(seed);
        Network network = build_network(train.inputs(), train.classes, {.hidden = {128}}, random);
        const std::vector<double> losses =
            train_with(network, train, plan, [](std::size_t) { return true; });
        percent = accuracy(network.forward(asked.input, activations), asked.labels);
        return losses;
    };
    LinePlot curves{"Six optimizers, the same start and the same batches",
                    Axis{"step"},
                    Axis{"loss, smoothed", {}, {}, true},
                    {}};
    std::size_t steps = 0;
    const std::size_t seed = book.number("--seed", 1);
    std::printf("\non digits     rate     loss, first and last 100 steps   test accuracy\n");
    for (const Rule& rule : rules) {
        double percent = 0.0;
        const std::vector<double> losses = run(
            {.optimizer = rule.settings, .schedule = {ScheduleKind::constant, rule.digits_rate}},
            seed, percent);
        steps = losses.size();
        const std::vector<double> start(losses.begin(), losses.begin() + 100);
        std::printf("%-10s %7g %12.3f %14.3f %19.2f %%\n", rule.name, rule.digits_rate,
                    mean_of_last(start, 100), mean_of_last(losses, 100), percent);
        curves.series.push_back(moving_average(rule.name, losses, curves.series.size()));
    }
    book.figure("optimizers.svg", [&] { return svg_of(curves, 720, 380); });

    LinePlot rates{"Four schedules", Axis{"step"}, Axis{"learning rate", 0.0, 0.11}, {}};
    std::printf(
        "\nnesterov, 3 seeds      rate: first  middle    last   test: lowest    mean highest\n");
    for (const auto& [name, settings] : schedules) {
        const Schedule schedule(settings, steps);
        rates.series.push_back({name, {}, rates.series.size()});
        for (std::size_t i = 0; i < steps; i += 6) {
            rates.series.back().points.push_back({static_cast<double>(i), schedule(i)});
        }
        double percent[3];
        for (std::size_t i = 0; i < 3; ++i) {
            run({.optimizer = {.kind = OptimizerKind::nesterov}, .schedule = settings}, seed + i,
                percent[i]);
        }
        std::printf("%-21s %12.4f %7.4f %7.4f %14.2f %7.2f %7.2f %%\n", name, schedule(0),
                    schedule(steps / 2), schedule(steps - 1), std::ranges::min(percent),
                    (percent[0] + percent[1] + percent[2]) / 3, std::ranges::max(percent));
    }
    book.figure("schedules.svg", [&] { return svg_of(rates, 720, 260); });
}

}  // namespace
}  // namespace digits

int main(int argument_count, char** arguments) {
    return digits::run_chapter(argument_count, arguments, digits::chapter,
                               {"--learning-rate", "--momentum", "--seed", "--epochs"});
}
