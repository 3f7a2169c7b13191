// A multilayer perceptron, that of chapters 3 to 5 once more, with a switch for each mistake of the
// museum.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "data/dataset.h"
#include "linalg/gemm.h"
#include "linalg/matrix.h"
#include "network/activation.h"
#include "network/loss.h"
#include "util/random.h"

namespace digits {

// Each member that is true puts one mistake into the network, its training or its data.
struct Mistakes {
    bool no_softmax = false;         // the activation function in the last layer instead of softmax
    bool mask_of_relu = false;       // ReLU's derivative for every activation function
    bool decay_as_momentum = false;  // weight decay instead of momentum
    bool summed = false;             // the loss is a sum over the batch
    bool plain_softmax = false;      // the maximum is not subtracted, so exp() overflows
    bool transposed_gradient = false;  // dW as (O, I)
    bool zeros = false;                // all initial weights are 0
    bool apart = false;                // training labels shuffled without their images
    bool apart_in_test = false;
    bool raw = false;  // training pixels from 0 to 255
    bool raw_in_test = false;
};

struct Design {
    Activation activation = Activation::tanh;
    std::vector<std::size_t> hidden{64};
    float deviation = 0.1f;  // of the initial weights
    float learning_rate = 0.1f;
    float momentum = 0.0f;
};

// The images with their labels in a different order.
inline Dataset with_shuffled_labels(Dataset data) {
    Random random(1);
    random.shuffle(std::span(data.labels));
    return data;
}

// X (B, inputs) of these images, from 0 to 1, or from 0 to 255 if `raw`.
inline Batch pixels_of(const Dataset& data, std::span<const std::size_t> indices, bool raw) {
    Batch batch;
    gather(data, indices, batch);
    if (raw) {
        for (float& x : batch.input.values()) x *= 255.0f;
    }
    return batch;
}

struct Layer {
    Matrix weight, bias;             // W (I, O), b (1, O)
    Matrix grad_weight, grad_bias;   // dW, db
    Matrix velocity, bias_velocity;  // of the momentum
    Matrix output, grad_output;      // Y and dZ (B, O), of the last batch
};

struct Model {
    Design design;
    Mistakes wrong;
    std::vector<Layer> layers;
    Matrix probabilities;  // P (B, C), of the last batch
};

inline Model make_model(const Dataset& data, const Design& design, const Mistakes& wrong,
                        std::uint64_t seed) {
    Random random(seed);
    Model model{design, wrong, {}, {}};
    std::vector<std::size_t> sizes{data.inputs()};
    sizes.insert(sizes.end(), design.hidden.begin(), design.hidden.end());
    sizes.push_back(data.classes);
    for (std::size_t l = 0; l + 1 < sizes.size(); ++l) {
        Layer layer;
        layer.weight = layer.velocity = Matrix(sizes[l], sizes[l + 1]);
        layer.bias = layer.grad_bias = layer.bias_velocity = Matrix(1, sizes[l + 1]);
        for (float& w : layer.weight.values()) {
            const float drawn = design.deviation * static_cast<float>(random.normal());
            w = wrong.zeros ? 0.0f : drawn;
        }
        model.layers.push_back(layer);
    }
    return model;
}

inline float activate(Activation activation, float z) {
    switch (activation) {
        case Activation::relu:
            return std::max(0.0f, z);
        case Activation::tanh:
            return std::tanh(z);
        default:
            return 1 / (1 + std::exp(-z));
    }
}

// The derivative, from the output y.
inline float slope(const Model& model, float y) {
    if (model.wrong.mask_of_relu) return y > 0 ? 1.0f : 0.0f;
    switch (model.design.activation) {
        case Activation::relu:
            return y > 0 ? 1.0f : 0.0f;
        case Activation::tanh:
            return 1 - y * y;
        default:
            return y * (1 - y);
    }
}

// Leaves P in the model.
inline void forward(Model& model, const Matrix& input) {
    const Matrix* x = &input;
    for (Layer& layer : model.layers) {
        gemm(*x, layer.weight, layer.output);
        const bool is_last = &layer == &model.layers.back();
        for (std::size_t i = 0; i < layer.output.rows(); ++i) {
            for (std::size_t o = 0; o < layer.output.columns(); ++o) {
                float& z = layer.output(i, o);
                z += layer.bias(0, o);
                if (!is_last || model.wrong.no_softmax) z = activate(model.design.activation, z);
            }
        }
        x = &layer.output;
    }
    Matrix& p = model.probabilities = *x;
    if (model.wrong.no_softmax) return;
    for (std::size_t i = 0; i < p.rows(); ++i) {
        const float largest =
            model.wrong.plain_softmax ? 0.0f : *std::ranges::max_element(p.row(i));
        float sum = 0.0f;
        for (float& z : p.row(i)) sum += z = std::exp(z - largest);
        for (float& power : p.row(i)) power /= sum;
    }
}

// The mean of -log p, from the P that forward() left.
inline double loss_of(const Model& model, std::span<const std::uint8_t> labels) {
    const bool from_p = model.wrong.no_softmax || model.wrong.plain_softmax;
    double sum = 0.0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        sum += from_p ? -std::log(static_cast<double>(model.probabilities(i, labels[i])))
                      : cross_entropy(model.layers.back().output.row(i), labels[i]);
    }
    return model.wrong.summed ? sum : sum / static_cast<double>(labels.size());
}

// Leaves dW and db in the model and returns the loss.
inline double find_gradients(Model& model, const Batch& batch) {
    forward(model, batch.input);
    Matrix& dz = model.layers.back().grad_output = model.probabilities;
    for (std::size_t i = 0; i < dz.rows(); ++i) dz(i, batch.labels[i]) -= 1.0f;
    const float share = model.wrong.summed ? 1.0f : 1.0f / static_cast<float>(dz.rows());
    for (float& value : dz.values()) value *= share;
    for (std::size_t l = model.layers.size(); l-- > 0;) {
        Layer& layer = model.layers[l];
        const Matrix& x = l == 0 ? batch.input : model.layers[l - 1].output;
        if (model.wrong.transposed_gradient) {
            gemm(transposed(layer.grad_output), x, layer.grad_weight);
        } else {
            gemm(transposed(x), layer.grad_output, layer.grad_weight);
        }
        layer.grad_bias.fill(0.0f);
        for (std::size_t i = 0; i < layer.grad_output.rows(); ++i) {
            for (std::size_t o = 0; o < layer.bias.columns(); ++o) {
                layer.grad_bias(0, o) += layer.grad_output(i, o);
            }
        }
        if (l == 0) break;
        gemm(layer.grad_output, transposed(layer.weight), model.layers[l - 1].grad_output);
        for (std::size_t i = 0; i < x.size(); ++i) {
            model.layers[l - 1].grad_output.values()[i] *= slope(model, x.values()[i]);
        }
    }
    return loss_of(model, batch.labels);
}

inline void descend(Model& model) {
    const auto step = [&](Matrix& value, const Matrix& gradient, Matrix& velocity, float decay) {
        for (std::size_t i = 0; i < value.size(); ++i) {
            float &w = value.values()[i], &v = velocity.values()[i];
            if (model.wrong.decay_as_momentum) {
                v = gradient.values()[i] + decay * w;
            } else {
                v = model.design.momentum * v + gradient.values()[i];
            }
            w -= model.design.learning_rate * v;
        }
    };
    for (Layer& layer : model.layers) {
        step(layer.weight, layer.grad_weight, layer.velocity, 0.001f);
        step(layer.bias, layer.grad_bias, layer.bias_velocity, 0.0f);
    }
}

}  // namespace digits
