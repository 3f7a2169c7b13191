// How to tell that a training has gone wrong, and where.
#pragma once

#include <string>

#include "network/network.h"
#include "training/trainer.h"

namespace digits {

// Whether a loss is not a number, or beyond all reason. A network that gives every class the same
// chance loses log 10 = 2.3 per image. At 1000 the right class was given a chance of e^-1000: no
// settings that work pass through that.
inline bool is_exploded(double loss) {
    return !(loss < 1000.0);  // true for not-a-number, too
}

// The place where it shows first, on the way that the numbers take: "layer1.weight is no longer
// finite".
std::string find_non_finite(const Network& network, const Activations& activations);

// What the user is told of it: the step, the place, the likely cause and what to try.
std::string divergence_message(const StepRecord& record, const std::string& where,
                               const TrainerSettings& settings);

}  // namespace digits
