// Weights that are the mean of those of many steps.
#pragma once

#include <cstddef>

#include "network/network.h"

namespace digits {

// The running mean of a network's weights, which often reads better than the last of them (Polyak
// and Juditsky, "Acceleration of Stochastic Approximation by Averaging", 1992):
//   average = m average + (1 - m) network, after each step
// with the memory m, in [0, 1). In the first steps, t = 1, 2, ..., it is at most 1 - 1 / t: until
// there are 1 / (1 - m) of them, all weigh the same, and the first step's weights, far from those
// of a trained network, are forgotten soon. Both networks have the same layers.
void update_ema(Network& average, const Network& network, double memory, std::size_t step);

}  // namespace digits
