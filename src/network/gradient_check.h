// Is backward() right? Compares its gradients with differences of the loss itself.
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
    double tolerance = 1e-2;  // the relative error that passes
    std::size_t elements_per_parameter =
        64;                  // drawn at random; a smaller parameter is checked whole
    std::uint64_t seed = 1;  // of that draw and of dropout
    LossSettings loss{};
};

struct GradientVerdict {
    std::string parameter;
    std::size_t elements = 0;  // how many were compared
    double relative_error =
        0.0;                // |backward - difference| / (|backward| + |difference|), as vectors
    bool all_zero = false;  // both are zero everywhere: nothing was proved
    bool passed = false;    // relative_error <= tolerance, and not all zero
};

// For each parameter, (L(w + h) - L(w - h)) / 2h for elements w of it, against what backward()
// says. The network is returned to its former weights; its gradients are those of this batch.
std::vector<GradientVerdict> check_gradients(Network& network, const Matrix& input,
                                             std::span<const std::uint8_t> labels,
                                             const GradientCheckSettings& settings = {});

}  // namespace digits
