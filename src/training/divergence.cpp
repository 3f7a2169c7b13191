#include "training/divergence.h"

#include <algorithm>
#include <cmath>

#include "math/require.h"

namespace digits {
namespace {

bool all_finite(const Matrix& matrix) {
    return std::ranges::all_of(matrix.values(), [](float value) { return std::isfinite(value); });
}

}  // namespace

std::string where_it_broke(const Network& network, const Activations& activations) {
    for (const Parameter* parameter : network.parameters()) {
        if (!all_finite(parameter->value)) return parameter->name + " is no longer finite";
    }
    std::size_t dense = 0;
    for (std::size_t l = 0; l < network.layers().size(); ++l) {
        dense += std::holds_alternative<Dense>(network.layers()[l]);
        if (!all_finite(activations.outputs[l])) {
            return text("the outputs of dense", dense, " are no longer finite");
        }
    }
    return text("all weights are finite, but the logits of dense", dense, " have grown far apart");
}

}  // namespace digits
