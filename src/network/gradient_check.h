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
    // Of a weight, both ways. Too small, and the loss changes by less than float logits can say;
    // too large, and the difference is no derivative.
    double step = 1e-2;
    double tolerance = 1e-2;                  // the relative error that passes
    std::size_t elements_per_parameter = 64;  // drawn at random; all, if there are no more
    std::uint64_t seed = 1;                   // of that draw and of dropout
    LossSettings loss{};
};

struct GradientVerdict {
    std::string parameter;
    std::size_t elements = 0;  // how many were compared
    std::size_t skipped = 0;   // how many were not: the step crossed a jump of some derivative
    // |backward - difference| / (|backward| + |difference|), lengths of the vectors of all elements
    double relative_error = 0.0;
    bool all_zero = false;  // both are zero everywhere, which proves nothing
    bool passed = false;    // relative_error <= tolerance, and something was proved
};

// For each parameter, (L(w + h) - L(w - h)) / 2h for elements w of it, against what backward()
// says. Where a layer changes its branch between w - h and w + h (a ReLU goes from off to on), the
// difference mixes two slopes and is skipped. The weights are restored; the gradients are those of
// this batch.
std::vector<GradientVerdict> check_gradients(Network& network, const Matrix& input,
                                             std::span<const std::uint8_t> labels,
                                             const GradientCheckSettings& settings = {});

}  // namespace digits
