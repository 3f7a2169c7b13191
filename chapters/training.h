// Training with any optimizer and learning-rate schedule: written in chapter 9, used again later.
#pragma once

#include <functional>

#include "data/dataset.h"
#include "network/loss.h"
#include "network/network.h"
#include "training/lr_schedule.h"
#include "training/optimizer.h"
#include "util/random.h"

namespace digits {

struct Plan {
    OptimizerSettings optimizer{};  // Nesterov's rule unless told otherwise
    ScheduleSettings schedule{};
    std::size_t epochs = 3;
    std::size_t batch_size = 64;
    LossSettings loss{};
    std::uint64_t seed = 1;
};

// Trains the network and calls on_epoch after every epoch, until it returns false.
// Returns the loss of every batch.
inline std::vector<double> train_with(Network& network, const Dataset& train, const Plan& plan,
                                      const std::function<bool(std::size_t)>& on_epoch) {
    Random random(plan.seed);
    BatchSampler order(train.size(), plan.batch_size);
    Optimizer optimizer(plan.optimizer);
    const Schedule schedule(plan.schedule, plan.epochs * order.batches());
    Batch batch;
    Activations activations;
    Matrix grad_logits;
    std::vector<double> losses;
    for (std::size_t epoch = 1; epoch <= plan.epochs; ++epoch) {
        order.shuffle(random);
        for (std::size_t b = 0; b < order.batches(); ++b) {
            gather(train, order.batch(b), batch);
            const Matrix& logits = network.forward(batch.input, activations, random);
            losses.push_back(softmax_cross_entropy(logits, batch.labels, grad_logits, plan.loss));
            network.backward(batch.input, activations, grad_logits);
            optimizer.step(network.parameters(), schedule(losses.size() - 1));
        }
        if (!on_epoch(epoch)) break;
    }
    return losses;
}

}  // namespace digits
