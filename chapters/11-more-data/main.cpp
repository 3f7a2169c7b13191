// Chapter 11: data augmentation, images distorted anew in every epoch; and the other way round,
// deskewing.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <string>
#include <vector>

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

// Six digits as they are, distorted in each way, and deskewed.
std::string draw_kinds(const Dataset& data) {
    constexpr std::size_t kinds = augmentation_names.size();
    Svg svg(740, 540, "Six digits, shifted, turned and stretched, warped, and deskewed");
    const Matrix written = whole(first_images(data, 6)).input;
    for (std::size_t kind = 0; kind <= kinds; ++kind) {
        Matrix images = written;
        if (kind < kinds) {
            Augmenter(data.rows, data.columns, {.kind = static_cast<Augmentation>(kind)})
                .distort(first_indices(images.rows()), 1, images);
        } else {
            deskew(data.rows, data.columns, images);
        }
        const double top = 8.0 + 106.0 * static_cast<double>(kind);
        svg.words({12, top + 54}, kind < kinds ? augmentation_names[kind] : "deskew", "label");
        for (std::size_t i = 0; i < images.rows(); ++i) {
            Matrix image(data.rows, data.columns);
            std::ranges::copy(images.row(i), image.data());
            svg.pixels({90.0 + 108.0 * static_cast<double>(i), top, 98, 98}, ink_pixels(image));
        }
    }
    return svg.str();
}

struct Outcome {
    double training = 0.0, validation = 0.0;
    std::vector<Point> course{};  // epoch, validation accuracy
};

// The training loop of chapter 9, with augmentation and preprocessing. `validation` is
// preprocessed.
Outcome learn(const Dataset& train, const Batch& validation, const AugmentSettings& augment,
              const Preprocessing& preprocessing, std::uint64_t seed, std::size_t epochs) {
    Random random(seed);
    Network network = build_network(train.inputs(), train.classes, {.hidden = {256, 128}}, random);
    BatchSampler order(train.size(), 64);
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
            preprocess(preprocessing, train.rows, train.columns, batch.input);
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
    Batch known = whole(train);
    preprocess(preprocessing, train.rows, train.columns, known.input);
    outcome.training = accuracy(network.forward(known.input, activations), known.labels);
    return outcome;
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
    const Batch validation = whole(parts.test);
    book.figure("kinds.svg", [&] { return draw_kinds(parts.train); });
    LinePlot plot{"1,000 training images", Axis{"epoch"}, Axis{"validation accuracy, %"}, {}};
    std::printf("1,000 images; 3 seeds   training  validation\n");
    struct Trial {
        const char* name;
        Augmentation kind;
        std::size_t images = 1000;
        Preprocessing preprocessing{};
    };
    for (const Trial trial :
         {Trial{"none", Augmentation::none},
          {"shift", Augmentation::shift},
          {"affine", Augmentation::affine},
          {"elastic", Augmentation::elastic},
          {"5,000 images, none", Augmentation::none, 5000},
          {"deskewed", Augmentation::none, 1000, {.deskew = true}},
          {"deskewed, elastic", Augmentation::elastic, 1000, {.deskew = true}}}) {
        const Dataset train = first_images(parts.train, trial.images);
        Batch prepared = validation;
        preprocess(trial.preprocessing, train.rows, train.columns, prepared.input);
        double training = 0.0, unknown = 0.0;
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
            const Outcome outcome = learn(train, prepared, {.kind = trial.kind},
                                          trial.preprocessing, seed, 60 * 1000 / trial.images);
            training += outcome.training / 3;
            unknown += outcome.validation / 3;
            if (seed == 1 && trial.images == 1000 && !trial.preprocessing.deskew) {
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
    return digits::run_chapter(argument_count, arguments, digits::chapter);
}
