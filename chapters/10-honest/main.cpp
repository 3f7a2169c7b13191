// Chapter 10: overfitting and regularization, measured on a validation set with several seeds.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>
#include <vector>

#include "../book.h"
#include "../shared.h"
#include "../training.h"
#include "correlation.h"
#include "data/dataset.h"
#include "linalg/matrix.h"
#include "network/dropout.h"
#include "network/layer.h"
#include "network/network.h"
#include "plot/plot.h"
#include "training/optimizer.h"
#include "util/random.h"
#include "util/statistics.h"

namespace digits {
namespace {

struct Remedy {
    const char* name;
    double dropout = 0.0, weight_decay = 0.0;
    bool stops_early = false;
    std::size_t images = 1000;
};

struct Course {
    std::vector<Point> training, validation;  // epoch, loss
    double training_accuracy = 0.0, validation_accuracy = 0.0, validation_loss = 0.0;
    std::optional<Network> network;
};

Course learn(const Dataset& train, const Batch& validation, const Remedy& remedy,
             std::uint64_t seed) {
    Random random(seed);
    NetworkSettings settings{.hidden = {256, 128}, .dropout = remedy.dropout};
    Network network = build_network(train.inputs(), train.classes, settings, random);
    Network best = network;
    double best_loss = 1e9;
    std::size_t best_epoch = 0;
    Plan plan;
    plan.schedule = {ScheduleKind::constant, 0.02};
    plan.optimizer = {.kind = OptimizerKind::nesterov, .weight_decay = remedy.weight_decay};
    plan.epochs = 30 * 1000 / remedy.images;
    plan.seed = seed;
    const Batch seen = whole(train);
    Course course;
    Activations activations;
    Matrix unused;
    train_with(network, train, plan, [&](std::size_t epoch) {
        const double x = static_cast<double>(epoch);
        const Matrix& known = network.forward(seen.input, activations);
        course.training.push_back({x, softmax_cross_entropy(known, seen.labels, unused)});
        const Matrix& logits = network.forward(validation.input, activations);
        const double loss = softmax_cross_entropy(logits, validation.labels, unused);
        course.validation.push_back({x, loss});
        if (loss < best_loss) {
            best_loss = loss;
            best_epoch = epoch;
            best = network;
        }
        return !remedy.stops_early || epoch < best_epoch + 5;
    });
    if (remedy.stops_early) network = best;
    course.training_accuracy = accuracy(network.forward(seen.input, activations), seen.labels);
    const Matrix& logits = network.forward(validation.input, activations);
    course.validation_accuracy = accuracy(logits, validation.labels);
    course.validation_loss = softmax_cross_entropy(logits, validation.labels, unused);
    course.network = network;
    return course;
}

void chapter(Chapter& book) {
    const double dropout = as_double(book.real("--dropout", 0.4f));
    const double decay = as_double(book.real("--weight-decay", 0.002f));
    const std::size_t first_seed = book.number("--seed", 1);
    const Remedy remedies[] = {
        {"nothing"},          {"early stopping", 0.0, 0.0, true},      {"weight decay", 0.0, decay},
        {"dropout", dropout}, {"5,000 images", 0.0, 0.0, false, 5000},
    };
    Random random(1);
    const Batch asked = whole(book.data().test);
    Activations activations;
    // 5,000 images for the validation, drawn at random from the training set.
    const TrainTest parts = split(
        book.data().train, 1.0 - 5000.0 / static_cast<double>(book.data().train.size()), random);
    const Dataset &train = parts.train, &held_out = parts.test;
    const Batch validation = whole(held_out);
    std::printf("1,000 images; 3 seeds    training       validation       loss there\n");
    LinePlot plot{"1,000 training images and nothing done about it",
                  Axis{"epoch"},
                  Axis{"loss", 0.0, 1.5},
                  {{"training", {}, 0}, {"validation", {}, 1}}};
    for (const Remedy& remedy : remedies) {
        const Dataset images = first_images(train, remedy.images);
        std::vector<double> known, unknown, losses;
        for (std::uint64_t seed = first_seed; seed < first_seed + 3; ++seed) {
            const Course course = learn(images, validation, remedy, seed);
            known.push_back(course.training_accuracy);
            unknown.push_back(course.validation_accuracy);
            losses.push_back(course.validation_loss);
            if (&remedy == remedies && seed == first_seed) {
                plot.series[0].points = course.training;
                plot.series[1].points = course.validation;
            }
        }
        std::printf("%-15s %7.1f +- %3.1f %% %10.1f +- %3.1f %% %8.2f +- %4.2f\n", remedy.name,
                    mean(known), standard_deviation(known), mean(unknown),
                    standard_deviation(unknown), mean(losses), standard_deviation(losses));
    }
    book.figure("overfitting.svg", [&] { return svg_of(plot, 720, 340); });

    // By hand: 1, 2 and 6 have the mean 3 and the deviation root of (4 + 1 + 9) / 2.
    const std::vector<double> three = {1, 2, 6};
    std::printf("\nby hand: 1, 2 and 6 have mean %g and deviation %.4f\n", mean(three),
                standard_deviation(three));
    book.claim(std::abs(standard_deviation(three) - std::sqrt(7.0)) < 1e-12,
               "the deviation is root 7");

    // A weight that no image gives a gradient, in as many steps as the networks above take.
    Parameter weight{"weight", Matrix{{1}}, Matrix(1, 1)};
    Parameter* const list[] = {&weight};
    Optimizer optimizer({.kind = OptimizerKind::nesterov, .weight_decay = decay});
    for (int step = 0; step < 480; ++step) optimizer.step(list, 0.02);
    std::printf("a weight of 1 without a gradient, after 480 steps of decay: %.3f\n",
                as_double(weight.value(0, 0)));

    // Twelve seeds, all else the same. How much does a good number on few images promise?
    const Dataset images = first_images(train, 1000);
    std::vector<double> lucky, honest;
    const Batch few = whole(first_images(held_out, 500));
    for (std::uint64_t seed = first_seed + 10; seed < first_seed + 22; ++seed) {
        const Course course = learn(images, few, remedies[0], seed);
        lucky.push_back(course.validation_accuracy);
        honest.push_back(accuracy(course.network->forward(asked.input, activations), asked.labels));
    }
    const std::size_t best =
        static_cast<std::size_t>(std::ranges::max_element(lucky) - lucky.begin());
    const auto better =
        std::ranges::count_if(honest, [&](double other) { return other > honest[best]; });
    std::printf("\ntwelve seeds             all of them     the best one\n");
    std::printf("on 500 for validation %6.1f +- %.1f %% %10.1f %%\n", mean(lucky),
                standard_deviation(lucky), lucky[best]);
    std::printf("on the test images    %6.1f +- %.1f %% %10.1f %%, in place %d of 12\n",
                mean(honest), standard_deviation(honest), honest[best],
                static_cast<int>(better) + 1);
    std::printf("correlation of the two: %.2f\n", correlation(lucky, honest));
    book.figure("luck.svg", [&] {
        LinePlot dots{"Twelve networks that differ in their seed",
                      Axis{"on 500 images for validation, %", 77.5, 81.0},
                      Axis{"on the test images, %", 74.5, 76.0},
                      {}};
        for (std::size_t i = 0; i < lucky.size(); ++i) {
            dots.marks.push_back({{lucky[i], honest[i]}, i == best ? "the best of twelve" : ""});
        }
        return svg_of(dots, 720, 300);
    });
}

}  // namespace
}  // namespace digits

int main(int argument_count, char** arguments) {
    return digits::run_chapter(argument_count, arguments, digits::chapter,
                               {"--dropout", "--weight-decay", "--seed"});
}
