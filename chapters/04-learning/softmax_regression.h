// Softmax regression: logits Z = X W + b, softmax, and nothing else; its loss, gradients and step.
#pragma once

#include "data/dataset.h"
#include "linalg/gemm.h"
#include "linalg/matrix.h"
#include "network/loss.h"

namespace digits {

struct SoftmaxRegression {
    SoftmaxRegression(std::size_t inputs, std::size_t classes)
        : weight(inputs, classes), bias(1, classes), grad_bias(1, classes) {}

    Matrix weight, bias;            // W (I, C) and b (1, C): all that is learned
    Matrix grad_weight, grad_bias;  // dW and db
    Matrix logits, grad_logits;     // Z and dZ (B, C), of the last batch
};

// Z = X W + b
inline void forward(SoftmaxRegression& model, const Matrix& input) {
    gemm(input, model.weight, model.logits);
    for (std::size_t k = 0; k < model.logits.rows(); ++k) {
        for (std::size_t c = 0; c < model.bias.columns(); ++c) {
            model.logits(k, c) += model.bias(0, c);
        }
    }
}

// Leaves dW and db in the model and returns the loss.
inline double find_gradients(SoftmaxRegression& model, const Batch& batch) {
    forward(model, batch.input);
    const double loss = softmax_cross_entropy(model.logits, batch.labels, model.grad_logits);
    gemm(transposed(batch.input), model.grad_logits, model.grad_weight);
    model.grad_bias.fill(0.0f);
    for (std::size_t k = 0; k < model.grad_logits.rows(); ++k) {
        for (std::size_t c = 0; c < model.bias.columns(); ++c) {
            model.grad_bias(0, c) += model.grad_logits(k, c);
        }
    }
    return loss;
}

inline void subtract(Matrix& value, float learning_rate, const Matrix& gradient) {
    for (std::size_t i = 0; i < value.size(); ++i) {
        value.values()[i] -= learning_rate * gradient.values()[i];
    }
}

// One step downhill.
inline void descend(SoftmaxRegression& model, float learning_rate) {
    subtract(model.weight, learning_rate, model.grad_weight);
    subtract(model.bias, learning_rate, model.grad_bias);
}

}  // namespace digits
