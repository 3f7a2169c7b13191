// Exponential moving average (EMA) of a network's weights.
#pragma once

#include <cstddef>

#include "network/network.h"

namespace digits {

// Averaged weights often generalize better than the last ones (Polyak and Juditsky, "Acceleration
// of Stochastic Approximation by Averaging", 1992):
//   ema = d ema + (1 - d) network, after each step
// with the decay d in [0, 1). In step t = 1, 2, ... it is at most 1 - 1 / t: for the first
// 1 / (1 - d) steps all have the same share, and the initial weights, far from those of a trained
// network, soon lose their influence. Both networks must have the same layers.
void update_ema(Network& ema, const Network& network, double decay, std::size_t step);

}  // namespace digits
