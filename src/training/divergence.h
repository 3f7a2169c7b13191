// Divergence: detects that the loss or the weights have exploded, in which layer, and why.
#pragma once

#include <cstddef>
#include <string>

#include "network/network.h"
#include "training/trainer.h"

namespace digits {

// Whether a loss is NaN or absurdly large. A network that gives each of ten classes the same
// probability has a loss of log 10 = 2.3 per image. A loss of 1000 means a probability of e^-1000
// for the correct class: no training that works out passes through that.
inline bool is_exploded(double loss) {
    return !(loss < 1000.0);  // true for NaN, too
}

// What is known when a training diverges.
struct Divergence {
    const StepRecord& record;  // the step, with the loss that has exploded
    std::size_t updates = 0;   // how many times the weights had been changed when it was computed
    const History& history;    // the steps before
    const Network& network;
    const Activations& activations;  // of the batch with that loss
};

// Where numbers first stop being finite, parameters before activations, in the order of the layers:
// "layer1.weight is not finite".
std::string find_non_finite(const Network& network, const Activations& activations);

// The message for the user: the step, the layer, the likely cause and what to try. A cause is
// blamed only if it can be one: nothing that changes the weights before they have been changed.
std::string divergence_message(const Divergence& divergence, const TrainerSettings& settings);

}  // namespace digits
