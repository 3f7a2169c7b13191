// Gradient check: compares the gradients of backward() with finite differences of the loss.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "network/loss.h"
#include "network/network.h"

namespace digits {

struct GradientCheckSettings {
    // Added to and subtracted from a weight. If it is too small, rounding of the float logits
    // dominates the change of the loss; if too large, the difference does not approximate the
    // derivative.
    double step = 1e-2;
    double tolerance = 1e-2;                  // the largest relative error that passes
    std::size_t elements_per_parameter = 64;  // drawn at random; at most all of them
    std::uint64_t seed = 1;                   // of that choice and of dropout
    LossSettings loss{};
};

struct GradientVerdict {
    std::string parameter;
    std::size_t elements = 0;  // compared
    std::size_t skipped = 0;   // not compared: some derivative jumps within the step
    // |backward - difference| / (|backward| + |difference|), L2 norms over the compared elements
    double relative_error = 0.0;
    bool all_zero = false;  // both gradients are zero everywhere, which proves nothing
    bool passed = false;    // relative_error <= tolerance, and not all_zero
};

// For each parameter, compares the central difference (L(w + step) - L(w - step)) / (2 step) of
// some of its elements w with the gradient from backward(). Elements for which a layer changes its
// branch between w - step and w + step (a ReLU switches on) are skipped, because their difference
// mixes two slopes. Afterwards the weights are as before, and the gradients are those of this
// batch.
std::vector<GradientVerdict> check_gradients(Network& network, const Matrix& input,
                                             std::span<const std::uint8_t> labels,
                                             const GradientCheckSettings& settings = {});

}  // namespace digits
