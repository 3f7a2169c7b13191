// Sanity checks that expose the mistakes. Each works on a copy of the network.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "mistakes.h"

namespace digits {

// The loss of chance is log 10 = 2.30. Small random weights make the first one a little larger.
inline bool begins_at_chance(double first_loss) {
    return std::abs(first_loss - std::log(10.0)) < 0.7;
}

// For each layer the relative error of 64 derivatives drawn from its dW, as in chapter 5: the
// length of the difference over the sum of the lengths. It is -1 where all are zero, which proves
// nothing.
inline std::vector<double> gradient_errors(Model model, const Batch& batch) {
    constexpr float h = 1e-3f;
    std::vector<double> errors;
    find_gradients(model, batch);
    Random random(1);
    for (Layer& layer : model.layers) {
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

inline bool is_right(double gradient_error) {
    return gradient_error >= 0.0 && gradient_error < 0.01;
}

// The loss on ten images after 300 steps with no others. Every network can learn ten by heart.
inline double loss_on_ten(Model model, const Batch& ten) {
    for (int step = 0; step < 300; ++step) {
        find_gradients(model, ten);
        descend(model);
    }
    forward(model, ten.input);
    return loss_of(model, ten.labels);
}

// Whether the first step leaves the weights alone where all gradients are zero.
inline bool stands_still(Model model) {
    for (Layer& layer : model.layers) {
        layer.grad_weight = Matrix(layer.weight.rows(), layer.weight.columns());
        layer.grad_bias.fill(0.0f);
    }
    const Matrix before = model.layers[0].weight;
    descend(model);
    return model.layers[0].weight == before;
}

// The number, with a ! after it if it did not pass.
inline std::string verdict(const char* format, double value, bool passes) {
    char number[32];
    std::snprintf(number, sizeof number, format, value);
    return (std::isnan(value) ? "nan" : number) + std::string(passes ? "" : "!");
}

// The results of all checks as columns, with a ! after each that did not pass.
inline std::string examine(const Model& model, const Batch& batch, const Batch& ten) {
    Model copy = model;
    const double first_loss = find_gradients(copy, batch), on_ten = loss_on_ten(model, ten);
    const double largest = static_cast<double>(std::ranges::max(batch.input.values()));
    std::string line = verdict("%.0f", largest, largest <= 1.0);
    line.resize(6, ' ');
    line += verdict("%.2f", first_loss, begins_at_chance(first_loss));
    line.resize(15, ' ');
    for (const double error : gradient_errors(model, batch)) {
        line += error < 0 ? "zero! " : verdict("%.2f", error, is_right(error)) + " ";
    }
    line.resize(34, ' ');
    line += verdict("%.2f", on_ten, on_ten < 0.5);
    line.resize(41, ' ');
    return line + (stands_still(model) ? "yes" : "no!");
}

}  // namespace digits
