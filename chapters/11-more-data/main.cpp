// Chapter 11: data augmentation, images distorted anew in every epoch; and the other way round,
// deskewing.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <string>
#include <vector>

#include "../11-more-data/kinds.h"
#include "../book.h"
#include "../shared.h"
#include "data/augment.h"
#include "data/preprocessing.h"
#include "network/loss.h"
#include "network/network.h"
#include "plot/plot.h"
#include "training/lr_schedule.h"
#include "training/optimizer.h"
#include "util/random.h"
#include "util/statistics.h"

namespace digits {
namespace {

// Bilinear interpolation between four pixels: first along both rows, then from one to the other.
float between(const Matrix& image, float row, float column) {
    const auto r = static_cast<std::size_t>(row), c = static_cast<std::size_t>(column);
    const float v = row - static_cast<float>(r), u = column - static_cast<float>(c);
    const float above = image(r, c) + u * (image(r, c + 1) - image(r, c));
    const float below = image(r + 1, c) + u * (image(r + 1, c + 1) - image(r + 1, c));
    return above + v * (below - above);
}

// How far elastic distortion moves pixels sideways, root mean square, in pixels. Each image is a
// ramp: a pixel's value is its column. Only the middle counts: near the edge the lookup leaves the
// image.
double displacement(std::size_t images) {
    constexpr std::size_t size = 28, margin = 7;
    const AugmentSettings settings{
        .kind = Augmentation::elastic, .shift = 0, .rotation = 0, .scale = 0, .shear = 0};
    Matrix ramps(images, size * size);
    for (std::size_t i = 0; i < ramps.size(); ++i) ramps.data()[i] = static_cast<float>(i % size);
    Augmenter(size, size, settings).distort(first_indices(images), 1, ramps);
    double squares = 0.0, count = 0.0;
    for (std::size_t i = 0; i < ramps.size(); ++i) {
        const std::size_t row = i / size % size, column = i % size;
        if (std::min(row, column) < margin || std::max(row, column) >= size - margin) continue;
        squares += std::pow(as_double(ramps.data()[i]) - static_cast<double>(column), 2);
        ++count;
    }
    return std::sqrt(squares / count);
}

// One line of the table.
struct Trial {
    const char* name;
    AugmentSettings augment{};
    Preprocessing preprocessing{};
    std::size_t images = 1000, epochs = 60;
};

struct Outcome {
    double training = 0.0;
    std::vector<Point> course{};  // thousands of images shown, validation accuracy
};

// The training loop of chapter 9, with augmentation and preprocessing.
Outcome learn(const Trial& trial, const Dataset& train, Batch validation, std::uint64_t seed) {
    Random random(seed);
    Network network = build_network(train.inputs(), train.classes, {.hidden = {256, 128}}, random);
    BatchSampler order(train.size(), 64);
    Optimizer optimizer({.kind = OptimizerKind::nesterov});
    const Schedule schedule({ScheduleKind::cosine, 0.05}, trial.epochs * order.batches());
    const Augmenter augmenter(train.rows, train.columns, trial.augment);
    preprocess(trial.preprocessing, train.rows, train.columns, validation.input);
    Batch batch;
    Activations activations;
    Matrix grad_logits;
    Outcome outcome;
    for (std::size_t epoch = 1, step = 0; epoch <= trial.epochs; ++epoch) {
        order.shuffle(random);
        for (std::size_t b = 0; b < order.batches(); ++b) {
            gather(train, order.batch(b), batch);
            augmenter.distort(order.batch(b), epoch, batch.input);
            preprocess(trial.preprocessing, train.rows, train.columns, batch.input);
            const Matrix& logits = network.forward(batch.input, activations, random);
            softmax_cross_entropy(logits, batch.labels, grad_logits);
            network.backward(batch.input, activations, grad_logits);
            optimizer.step(network.parameters(), schedule(step++));
        }
        const std::size_t shown = epoch * train.size();
        if (shown % 5000 > 0 && epoch < trial.epochs) continue;
        const Matrix& logits = network.forward(validation.input, activations);
        outcome.course.push_back(
            {static_cast<double>(shown) / 1000, accuracy(logits, validation.labels)});
    }
    Batch known = whole(train);
    preprocess(trial.preprocessing, train.rows, train.columns, known.input);
    outcome.training = accuracy(network.forward(known.input, activations), known.labels);
    return outcome;
}

// All lines of the table, each with three seeds.
void compare(Chapter& book, const Dataset& train, const Batch& validation) {
    const auto distorted = [&](Augmentation kind) {
        return AugmentSettings{.kind = kind,
                               .strength = as_double(book.real("--strength", 1)),
                               .rotation = as_double(book.real("--rotation", 12))};
    };
    const std::size_t epochs = book.number("--epochs", 60);
    const AugmentSettings none, elastic = distorted(Augmentation::elastic);
    const Trial trials[] = {{"none", none, {}, 1000, epochs},
                            {"shift", distorted(Augmentation::shift), {}, 1000, epochs},
                            {"affine", distorted(Augmentation::affine), {}, 1000, epochs},
                            {"elastic", elastic, {}, 1000, epochs},
                            {"5,000 images, none", none, {}, 5000, epochs / 5},
                            {"deskewed", none, {.deskew = true}, 1000, epochs},
                            {"deskewed, elastic", elastic, {.deskew = true}, 1000, epochs}};
    LinePlot plot{"Trained on 1,000 images, and on 5,000",
                  Axis{"images shown, in thousands"},
                  Axis{"validation accuracy, %"},
                  {}};
    std::printf("1,000 images; 3 seeds       training      validation\n");
    std::vector<double> means;
    for (const Trial& trial : trials) {
        std::vector<double> known, unknown;
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
            const Outcome outcome =
                learn(trial, first_images(train, trial.images), validation, seed);
            known.push_back(outcome.training);
            unknown.push_back(outcome.course.back().y);
            if (seed > 1) continue;
            const auto kind = static_cast<std::size_t>(trial.augment.kind);
            plot.series.push_back({trial.name, outcome.course, trial.images > 1000 ? 4 : kind,
                                   trial.preprocessing.deskew ? "dashed" : ""});
        }
        means.push_back(mean(unknown));
        std::printf("%-22s %6.1f +- %.1f %% %6.1f +- %.1f %%\n", trial.name, mean(known),
                    standard_deviation(known), means.back(), standard_deviation(unknown));
    }
    if (book.as_in_the_text()) book.claim(means[3] > means[4], "1,000 elastic images beat 5,000");
    book.figure("course.svg", [&] { return svg_of(plot, 720, 340); });
}

void chapter(Chapter& book) {
    const float value = between(Matrix{{0.0f, 0.4f}, {0.8f, 1.0f}}, 0.25f, 0.5f);
    std::printf("by hand: between 0, 0.4 and 0.8, 1 lies %.3f\n", as_double(value));
    book.claim(std::abs(value - 0.375f) < 1e-6f, "a quarter down, half across lies 0.375");
    const double angle = 12.0 * std::numbers::pi / 180.0;
    std::printf("by hand: 10 pixels to the right, turned by 12 degrees: %.2f right, %.2f up\n",
                10 * std::cos(angle), 10 * std::sin(angle));
    std::printf("by hand: a line from corner to corner leans by %.0f column in each row\n",
                slant(std::vector<float>{1, 0, 0, 0, 1, 0, 0, 0, 1}, 3, 3));
    const double moved = displacement(3000);
    std::printf("elastic: pixels are moved sideways by %.2f, root of the mean square\n\n", moved);
    book.claim(moved > 1.0 && moved < 1.4, "the displacement is about 1.2 pixels");

    Random random(1);
    const Dataset& all = book.data().train;
    const TrainTest parts = split(all, 1.0 - 5000.0 / static_cast<double>(all.size()), random);
    book.figure("kinds.svg", [&] { return draw_kinds(parts.train); });
    compare(book, parts.train, whole(parts.test));
}

}  // namespace
}  // namespace digits

int main(int argument_count, char** arguments) {
    return digits::run_chapter(argument_count, arguments, digits::chapter,
                               {"--strength", "--rotation", "--epochs"});
}
