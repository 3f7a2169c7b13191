// The seven questions that expose mistakes before any training. They can be put to any trainer that
// has forward(), loss_of(), find_gradients() and descend(), and each works on a copy of its model.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "linalg/matrix.h"
#include "plot/terminal_image.h"
#include "util/random.h"
#include "util/text.h"

namespace digits {

inline std::string shown(double value, int decimals = 2) {
    return std::isnan(value) ? "nan" : format_fixed(value, decimals);
}

// 2: the loss of chance is log 10 = 2.3026. Small random weights make the first one a little
// larger.
inline bool begins_at_chance(double first_loss) {
    return std::abs(first_loss - std::log(10.0)) < 0.7;
}

// 3: trains for an epoch and returns the mean loss of its last quarter. make_batch(b) is batch b.
template <class Model, class MakeBatch>
double loss_after_an_epoch(Model model, std::size_t batches, const MakeBatch& make_batch) {
    double sum = 0.0;
    for (std::size_t b = 0; b < batches; ++b) {
        const double loss = find_gradients(model, make_batch(b));
        descend(model);
        if (b >= batches - batches / 4) sum += loss;
    }
    return sum / static_cast<double>(batches / 4);
}

// 4: the loss on these few images after so many steps with no others.
template <class Model>
double loss_by_heart(Model model, const Batch& few, int steps = 300) {
    for (int step = 0; step < steps; ++step) {
        find_gradients(model, few);
        descend(model);
    }
    forward(model, few.input);
    return loss_of(model, few.labels);
}

// 5: for each layer the relative error of 64 derivatives drawn from its dW, as in chapter 5: the
// length of the difference over the sum of the lengths. It is -1 where all are zero, which proves
// nothing. The gradients are found twice, since those of the first time must not remain.
template <class Model>
std::vector<double> gradient_errors(Model model, const Batch& batch) {
    constexpr float h = 1e-3f;
    std::vector<double> errors;
    find_gradients(model, batch);
    find_gradients(model, batch);
    Random random(1);
    for (auto& layer : model.layers) {
        double difference = 0.0, ours = 0.0, measured = 0.0;
        for (int drawn = 0; drawn < 64; ++drawn) {
            const std::size_t i = random.below(layer.weight.size());
            float& w = layer.weight.values()[i];
            const float before = w;
            const auto loss_at = [&](float moved) {
                w = moved;
                forward(model, batch.input);
                return loss_of(model, batch.labels);
            };
            const double above = loss_at(before + h), below = loss_at(before - h);
            w = before;
            const double slope = (above - below) / (2 * static_cast<double>(h));
            const double gradient = static_cast<double>(layer.grad_weight.values()[i]);
            difference += (gradient - slope) * (gradient - slope);
            ours += gradient * gradient;
            measured += slope * slope;
        }
        const double sizes = std::sqrt(ours) + std::sqrt(measured);
        errors.push_back(sizes == 0.0 ? -1.0 : std::sqrt(difference) / sizes);
    }
    return errors;
}

// NaN is not right, either.
inline bool are_right(const std::vector<double>& errors) {
    return std::ranges::all_of(errors, [](double error) { return error >= 0.0 && error < 0.01; });
}

// "0.45 0.00"; once where all layers have the same.
inline std::string errors_shown(const std::vector<double>& errors) {
    std::vector<std::string> words;
    for (const double error : errors) words.push_back(error < 0 ? "zero" : shown(error));
    if (std::ranges::count(words, words[0]) == std::ssize(words)) return words[0];
    std::string line = words[0];
    for (std::size_t l = 1; l < words.size(); ++l) line += " " + words[l];
    return line;
}

// 6: erases the first image of the batch and counts the others whose probabilities change by a bit.
// The loss of an image has no derivative with respect to the pixels of any other, so: none.
template <class Model>
std::size_t others_changed(Model model, Batch batch) {
    forward(model, batch.input);
    const Matrix before = model.probabilities;
    std::ranges::fill(batch.input.row(0), 0.0f);
    forward(model, batch.input);
    std::size_t changed = 0;
    for (std::size_t i = 1; i < before.rows(); ++i) {
        const std::span<const float> then = before.row(i), now = model.probabilities.row(i);
        changed += std::memcmp(then.data(), now.data(), then.size_bytes()) != 0;
    }
    return changed;
}

// 7: whether a step leaves the weights alone where all gradients are zero.
template <class Model>
bool stands_still(Model model) {
    for (auto& layer : model.layers) {
        layer.grad_weight = Matrix(layer.weight.rows(), layer.weight.columns());
        layer.grad_bias.fill(0.0f);
    }
    const Matrix before = model.layers[0].weight;
    descend(model);
    return model.layers[0].weight == before;
}

// 1: the first two images of a batch as text, each with its label.
inline std::string draw_batch(const Batch& batch, std::size_t rows, std::size_t columns) {
    std::vector<std::vector<std::uint8_t>> ink(2);
    std::vector<CaptionedImage> images;
    for (std::size_t i = 0; i < ink.size(); ++i) {
        for (const float x : batch.input.row(i)) {
            ink[i].push_back(static_cast<std::uint8_t>(255.0f * std::clamp(x, 0.0f, 1.0f)));
        }
        images.push_back({rows, columns, ink[i], str_cat("label ", int{batch.labels[i]})});
    }
    return draw_images(images, ImageStyle::blocks, 80);
}

// Puts all seven questions, prints the answers, and returns the numbers of those that fail: "35".
// make_batch(b) is batch b of an epoch; `data` is where the images come from.
template <class Model, class MakeBatch>
std::string ask(const Model& model, const Dataset& data, const MakeBatch& make_batch) {
    const std::size_t batches = data.size() / 128, middle = batches / 2;
    const Batch batch = make_batch(0);
    Batch ten = batch;
    ten.input = Matrix(10, data.inputs());
    std::ranges::copy(batch.input.values().first(ten.input.size()), ten.input.data());
    ten.labels.resize(10);
    std::string failed;
    const auto answer = [&](int number, const char* name, const std::string& words, bool passes) {
        std::printf("%d %-7s %-62s %s\n", number, name, words.c_str(), passes ? "yes" : "NO");
        if (!passes) failed += std::to_string(number);
    };

    const auto [low, high] = std::ranges::minmax(batch.input.values());
    answer(1, "look",
           str_cat("pixels from ", shown(static_cast<double>(low)), " to ",
                   shown(static_cast<double>(high)), "; below, two of batch ", middle),
           low >= 0.0f && high <= 1.0f);
    Model copy = model;
    const double first = find_gradients(copy, batch);
    answer(2, "first", str_cat("loss ", shown(first), "; that of chance, log 10, is 2.3026"),
           begins_at_chance(first));
    const double seen = loss_after_an_epoch(model, batches, make_batch);
    const double blank = loss_after_an_epoch(model, batches, [&](std::size_t b) {
        Batch blanked = make_batch(b);
        blanked.input.fill(0.0f);
        return blanked;
    });
    answer(3, "blank",
           str_cat("loss after an epoch ", shown(seen), "; with all images blank ", shown(blank)),
           seen < 0.9 * blank);
    const double by_heart = loss_by_heart(model, ten);
    answer(4, "ten",
           str_cat("ten images: loss ", shown(loss_by_heart(model, ten, 0)), ", after 30 steps ",
                   shown(loss_by_heart(model, ten, 30)), ", after 300 ", shown(by_heart)),
           by_heart < 0.5);
    const std::vector<double> errors = gradient_errors(model, batch);
    answer(5, "dW",
           str_cat("relative error of the gradients of each layer: ", errors_shown(errors)),
           are_right(errors));
    const std::size_t changed = others_changed(model, batch);
    answer(6, "others", str_cat("one image erased, ", changed, " of the 127 others change"),
           changed == 0);
    const bool still = stands_still(model);
    answer(7, "still", str_cat("a step of zero gradients moves ", still ? "nothing" : "weights"),
           still);
    std::printf("%s", draw_batch(make_batch(middle), data.rows, data.columns).c_str());
    return failed;
}

}  // namespace digits
