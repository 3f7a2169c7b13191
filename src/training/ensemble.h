// Ensembles: several models predict together, with the mean of their probabilities.
#pragma once

#include <span>

#include "training/evaluation.h"
#include "training/model.h"

namespace digits {

// An ensemble is correct more often than each of its models alone if they make different mistakes
// (Hansen and Salamon, "Neural Network Ensembles", 1990). A loss is at most -log of the smallest
// normal float, 87. Throws std::invalid_argument as evaluate() of one network does, and if the
// models differ in their number of inputs or outputs; std::runtime_error if logits are not finite.
Evaluation evaluate(std::span<const Model* const> ensemble, const Dataset& data);

// The mean of the models' probabilities (B, C) for a batch of raw images X (B, I).
void ensemble_probabilities(std::span<const Model* const> ensemble, const Matrix& input,
                            Matrix& probabilities);

}  // namespace digits
