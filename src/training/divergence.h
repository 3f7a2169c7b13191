// Divergence: detects that the loss or the weights have exploded, and in which layer.
#pragma once

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

// Where numbers first stopped being finite, parameters before activations, in the order of the
// layers: "layer1.weight is no longer finite".
std::string find_non_finite(const Network& network, const Activations& activations);

// The message for the user: the step, the layer, the likely cause and what to try.
std::string divergence_message(const StepRecord& record, const std::string& where,
                               const TrainerSettings& settings);

}  // namespace digits
