// Chapter 11: more from the same data. Pictures shifted, turned and warped, anew in every epoch.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <string>
#include <vector>

#include "../book.h"
#include "../shared.h"
#include "data/augment.h"
#include "math/random.h"
#include "network/loss.h"
#include "network/network.h"
#include "program/plot.h"
#include "training/optimizer.h"
#include "training/schedule.h"

namespace digits {
namespace {

// What lies between four pixels: first along both rows, then from one to the other.
float between(const Matrix& picture, float row, float column) {
    const auto r = static_cast<std::size_t>(row), c = static_cast<std::size_t>(column);
    const float v = row - static_cast<float>(r), u = column - static_cast<float>(c);
    const float above = picture(r, c) + u * (picture(r, c + 1) - picture(r, c));
    const float below = picture(r + 1, c) + u * (picture(r + 1, c + 1) - picture(r + 1, c));
    return above + v * (below - above);
}

// How far elastic distortion moves pixels sideways: the root of the mean square, over many
// pictures. Each is a ramp, 0 at its left edge and 27 at its right, so that the ink of a distorted
// one tells from which column it comes. Near the edge the lookup leaves the ramp: only the middle
// counts.
double displacement(std::size_t pictures) {
    constexpr std::size_t size = 28, margin = 7;
    AugmentSettings settings{.kind = Augmentation::elastic};
    settings.shift = settings.rotation = settings.scale = settings.shear = 0.0;
    const Augmenter augmenter(size, size, settings);
    double squares = 0.0, count = 0.0;
    for (std::size_t index = 0; index < pictures; ++index) {
        Matrix ramp(1, size * size);
        for (std::size_t i = 0; i < ramp.size(); ++i) ramp(0, i) = static_cast<float>(i % size);
        augmenter.distort(std::vector{index}, 1, ramp);
        for (std::size_t row = margin; row < size - margin; ++row) {
            for (std::size_t column = margin; column < size - margin; ++column) {
                const float from = ramp(0, row * size + column);
                squares += std::pow(as_double(from) - static_cast<double>(column), 2);
                ++count;
            }
        }
    }
    return std::sqrt(squares / count);
}

// One digit as it is, and five of its distortions of each kind.
std::string draw_kinds(const Dataset& data, std::size_t index) {
    Svg svg(720, 400, "One digit, shifted, turned and stretched, and warped, five times each");
    for (std::size_t kind = 1; kind < augmentation_names.size(); ++kind) {
        const AugmentSettings settings{.kind = static_cast<Augmentation>(kind)};
        const Augmenter augmenter(data.rows, data.columns, settings);
        const double top = 20.0 + 125.0 * static_cast<double>(kind - 1);
        svg.words({16, top + 60}, augmentation_names[kind], "label");
        for (std::size_t epoch = 0; epoch <= 5; ++epoch) {
            Batch batch;
            gather(data, std::vector{index}, batch);
            if (epoch > 0) augmenter.distort(std::vector{index}, epoch, batch.input);
            Matrix picture(data.rows, data.columns);
            std::copy(batch.input.values().begin(), batch.input.values().end(), picture.data());
            const double left = 85.0 + 104.0 * static_cast<double>(epoch);
            svg.pixels({left, top, 98, 98}, ink_pixels(picture));
            svg.words({left + 49, top + 114}, epoch == 0 ? "original" : text("epoch ", epoch),
                      "small", Anchor::middle);
        }
    }
    return svg.str();
}

struct Outcome {
    double training = 0.0, validation = 0.0;
    std::vector<Point> course{};  // epoch, validation accuracy
};

// Chapter 9's loop with one line more.
Outcome learn(const Dataset& train, const Batch& validation, const AugmentSettings& augment,
              std::uint64_t seed, std::size_t epochs) {
    Random random(seed);
    Network network = build_network(train.inputs(), train.classes, {.hidden = {256, 128}}, random);
    BatchOrder order(train.size(), 64);
    Optimizer optimizer({.kind = OptimizerKind::nesterov});
    const Schedule schedule({ScheduleKind::cosine, 0.05}, epochs * order.batches());
    const Augmenter augmenter(train.rows, train.columns, augment);
    Batch batch;
    Activations activations;
    Matrix grad_logits;
    Outcome outcome;
    for (std::size_t epoch = 1, step = 0; epoch <= epochs; ++epoch) {
        order.shuffle(random);
        for (std::size_t b = 0; b < order.batches(); ++b) {
            gather(train, order.batch(b), batch);
            augmenter.distort(order.batch(b), epoch, batch.input);
            const Matrix& logits = network.forward(batch.input, activations, random);
            softmax_cross_entropy(logits, batch.labels, grad_logits);
            network.backward(batch.input, activations, grad_logits);
            optimizer.step(network.parameters(), schedule(step++));
        }
        if (epoch % 5 > 0) continue;
        const Matrix& logits = network.forward(validation.input, activations);
        outcome.validation = accuracy(logits, validation.labels);
        outcome.course.push_back({static_cast<double>(epoch), outcome.validation});
    }
    const Batch known = whole(train);
    outcome.training = accuracy(network.forward(known.input, activations), known.labels);
    return outcome;
}

void chapter(Chapter& book) {
    const Matrix four{{0.0f, 0.4f}, {0.8f, 1.0f}};
    const float value = between(four, 0.25f, 0.5f);
    std::printf("by hand: between 0, 0.4 and 0.8, 1 lies %.3f\n", as_double(value));
    book.claim(std::abs(value - 0.375f) < 1e-6f, "a quarter down, half across lies 0.375");
    const double angle = 12.0 * std::numbers::pi / 180.0;
    std::printf("by hand: 10 pixels to the right, turned by 12 degrees: %.2f right, %.2f up\n",
                10 * std::cos(angle), 10 * std::sin(angle));
    const double moved = displacement(3000);
    std::printf("elastic: pixels are moved sideways by %.2f, root of the mean square\n\n", moved);
    book.claim(moved > 1.0 && moved < 1.4, "the displacement is about 1.2 pixels");

    Random random(1);
    const Dataset& all = book.data().train;
    const double held_out = 5000.0 / static_cast<double>(all.size());
    const TrainTest parts = split(all, 1.0 - held_out, random);
    const Batch validation = whole(parts.test);
    book.figure("kinds.svg", [&] { return draw_kinds(parts.train, 3); });

    LinePlot plot{"1,000 training pictures", Axis{"epoch"}, Axis{"validation accuracy, %"}, {}};
    std::printf("1,000 pictures; 3 seeds   training  validation\n");
    struct Trial {
        const char* name;
        Augmentation kind;
        std::size_t pictures = 1000;
    };
    for (const Trial trial : {Trial{"none", Augmentation::none},
                              {"shift", Augmentation::shift},
                              {"affine", Augmentation::affine},
                              {"elastic", Augmentation::elastic},
                              {"5,000 pictures, none", Augmentation::none, 5000}}) {
        const Dataset train = first_pictures(parts.train, trial.pictures);
        double training = 0.0, unknown = 0.0;
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
            const Outcome outcome =
                learn(train, validation, {.kind = trial.kind}, seed, 60 * 1000 / trial.pictures);
            training += outcome.training / 3;
            unknown += outcome.validation / 3;
            if (seed == 1 && trial.pictures == 1000) {
                plot.series.push_back({trial.name, outcome.course, plot.series.size()});
            }
        }
        std::printf("%-22s %9.1f %% %9.1f %%\n", trial.name, training, unknown);
    }
    book.figure("course.svg", [&] { return svg_of(plot, 720, 340); });
}

}  // namespace
}  // namespace digits

int main(int argument_count, char** arguments) {
    return digits::run_chapter("11-more-data", argument_count, arguments, digits::chapter);
}
