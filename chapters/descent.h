// Training by plain gradient descent: written in chapter 5, used again by later ones.
#pragma once

#include "data/dataset.h"
#include "network/loss.h"
#include "network/network.h"
#include "util/random.h"

namespace digits {

// One step of gradient descent on this batch; returns the loss before it.
inline double train_step(Network& network, const Batch& batch, Activations& activations,
                         Matrix& grad_logits, float learning_rate) {
    const Matrix& logits = network.forward(batch.input, activations);
    const double loss = softmax_cross_entropy(logits, batch.labels, grad_logits);
    network.backward(batch.input, activations, grad_logits);
    for (Parameter* parameter : network.parameters()) {
        for (std::size_t i = 0; i < parameter->value.size(); ++i) {
            parameter->value.values()[i] -= learning_rate * parameter->gradient.values()[i];
        }
    }
    return loss;
}

// One epoch: a pass over all images in a new order. Returns the mean loss of its batches.
inline double train_epoch(Network& network, const Dataset& train, std::size_t batch_size,
                          float learning_rate, Random& random) {
    BatchSampler order(train.size(), batch_size);
    order.shuffle(random);
    Batch batch;
    Activations activations;
    Matrix grad_logits;
    double sum = 0.0;
    for (std::size_t b = 0; b < order.batches(); ++b) {
        gather(train, order.batch(b), batch);
        sum += train_step(network, batch, activations, grad_logits, learning_rate);
    }
    return sum / static_cast<double>(order.batches());
}

}  // namespace digits
