// A small trainer with three mistakes, for the hunt at the end of chapter 13. It compiles without a
// warning, and the answers tell which lines to change.
#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "data/dataset.h"
#include "linalg/gemm.h"
#include "linalg/matrix.h"
#include "network/loss.h"
#include "util/random.h"

namespace digits::hunt {

struct Layer {
    Matrix weight, bias;            // W (I, O), b (1, O)
    Matrix grad_weight, grad_bias;  // dW, db
    Matrix output, grad_output;     // Y and dZ (B, O), of the last batch
};

struct Model {
    std::vector<Layer> layers;
    Matrix input;          // X (B, I), centred
    Matrix probabilities;  // P (B, C)
};

// 784-64-10 with tanh.
inline Model make_model(const Dataset& data, std::uint64_t seed) {
    Random random(seed);
    Model model;
    for (const auto& [inputs, outputs] :
         {std::pair{data.inputs(), std::size_t{64}}, std::pair{std::size_t{64}, data.classes}}) {
        Layer layer;
        layer.weight = layer.grad_weight = Matrix(inputs, outputs);
        layer.bias = layer.grad_bias = Matrix(1, outputs);
        for (float& w : layer.weight.values()) w = 0.1f * static_cast<float>(random.normal());
        model.layers.push_back(layer);
    }
    return model;
}

// The images with these indices and their labels, pixels from 0 to 1.
inline Batch make_batch(const Dataset& data, std::span<const std::size_t> indices) {
    Batch batch{Matrix(indices.size(), data.inputs()), {}};
    for (std::size_t i = 0; i < indices.size(); ++i) {
        const auto image = data.image(indices[i]);
        for (std::size_t p = 0; p < image.size(); ++p) {
            batch.input(i, p) = static_cast<float>(image[p]) / 255;
        }
        batch.labels.push_back(data.labels[i]);
    }
    return batch;
}

// Subtracts the mean of an image from its pixels, so that bold and fine hands look alike.
inline void centre(Matrix& images) {
    const auto pixels = images.values();
    const float sum = std::accumulate(pixels.begin(), pixels.end(), 0.0f);
    for (float& x : pixels) x -= sum / static_cast<float>(pixels.size());
}

// Z = X W + b
inline void dense(const Matrix& x, Layer& layer) {
    gemm(x, layer.weight, layer.output);
    for (std::size_t i = 0; i < layer.output.rows(); ++i) {
        for (std::size_t o = 0; o < layer.output.columns(); ++o) {
            layer.output(i, o) += layer.bias(0, o);
        }
    }
}

inline void forward(Model& model, const Matrix& input) {
    model.input = input;
    centre(model.input);
    dense(model.input, model.layers[0]);
    for (float& y : model.layers[0].output.values()) y = std::tanh(y);
    dense(model.layers[0].output, model.layers[1]);
    softmax(model.layers[1].output, model.probabilities);
}

inline double loss_of(const Model& model, std::span<const std::uint8_t> labels) {
    double sum = 0.0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        sum += cross_entropy(model.layers[1].output.row(i), labels[i]);
    }
    return sum / static_cast<double>(labels.size());
}

// dW = X^T dZ, db = the column sums of dZ
inline void dense_backward(const Matrix& x, Layer& layer) {
    gemm(transposed(x), layer.grad_output, layer.grad_weight, 1.0f);
    layer.grad_bias.fill(0.0f);
    for (std::size_t i = 0; i < layer.grad_output.rows(); ++i) {
        for (std::size_t o = 0; o < layer.grad_output.columns(); ++o) {
            layer.grad_bias(0, o) += layer.grad_output(i, o);
        }
    }
}

// Leaves dW and db in the model and returns the loss.
inline double find_gradients(Model& model, const Batch& batch) {
    forward(model, batch.input);
    Layer &hidden = model.layers[0], &last = model.layers[1];
    const double loss = softmax_cross_entropy(last.output, batch.labels, last.grad_output);
    dense_backward(hidden.output, last);
    gemm(last.grad_output, transposed(last.weight), hidden.grad_output);
    for (std::size_t i = 0; i < hidden.output.size(); ++i) {
        const float y = hidden.output.values()[i];
        hidden.grad_output.values()[i] *= 1 - y * y;
    }
    dense_backward(model.input, hidden);
    return loss;
}

inline void descend(Model& model) {
    const auto step = [](Matrix& value, const Matrix& gradient) {
        for (std::size_t i = 0; i < value.size(); ++i) {
            value.values()[i] -= 0.1f * gradient.values()[i];
        }
    };
    for (Layer& layer : model.layers) {
        step(layer.weight, layer.grad_weight);
        step(layer.bias, layer.grad_bias);
    }
}

}  // namespace digits::hunt
