#include "training/ensemble.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "network/loss.h"

namespace digits {

void ensemble_probabilities(std::span<const Model* const> ensemble, const Matrix& input,
                            Matrix& probabilities) {
    require(!ensemble.empty(), "evaluate: an ensemble needs at least one model");
    const Network& first = ensemble[0]->network;
    for (const Model* const model : ensemble) {
        const Network& network = model->network;
        require(network.inputs() == first.inputs() && network.outputs() == first.outputs(),
                "evaluate: ", describe(network), " and ", describe(first),
                " cannot form an ensemble: their numbers of inputs or outputs differ");
    }
    probabilities.resize(input.rows(), first.outputs());
    probabilities.fill(0.0f);
    const float share = 1.0f / static_cast<float>(ensemble.size());
    Activations activations;
    Matrix prepared, own;
    for (const Model* const model : ensemble) {
        prepared = input;
        preprocess(model->preprocessing, model->rows, model->columns, prepared);
        const Matrix& logits = model->network.forward(prepared, activations);
        require_finite_logits(logits, "evaluate");
        softmax(logits, own);
        for (std::size_t i = 0; i < own.size(); ++i) {
            probabilities.data()[i] += share * own.data()[i];
        }
    }
}

Evaluation evaluate(std::span<const Model* const> ensemble, const Dataset& data) {
    require(!ensemble.empty(), "evaluate: an ensemble needs at least one model");
    const Model& first = *ensemble[0];
    if (ensemble.size() == 1) return evaluate(first.network, data, first.preprocessing);
    require_fits(first.network, data);
    const auto predict = [&](Matrix& input, Matrix& probabilities) -> const Matrix& {
        ensemble_probabilities(ensemble, input, probabilities);
        return probabilities;
    };
    const auto loss = [](std::span<const float> probabilities, std::size_t label) {
        // A very small probability underflows to 0 in float, and log 0 is undefined.
        const float probability = std::max(probabilities[label], std::numeric_limits<float>::min());
        return -std::log(static_cast<double>(probability));
    };
    return evaluate_with(predict, loss, data, first.network.outputs());
}

}  // namespace digits
