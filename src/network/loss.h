// Softmax and cross-entropy: the loss of a batch, and its gradient with respect to the logits.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "linalg/matrix.h"
#include "util/settings.h"

namespace digits {

enum class Reduction { mean, sum };
inline constexpr std::array<std::string_view, 2> reduction_names{"mean", "sum"};

struct LossSettings {
    // The share of each target that is spread evenly over all classes (Szegedy et al., 2016): with
    // targets short of 1, the network has no reason to drive its weights to infinity.
    double label_smoothing = 0.0;  // in [0, 1)
    Reduction reduction = Reduction::mean;
};

std::vector<Setting> settings_of(LossSettings& settings);

// P = softmax(Z), row by row: p[c] = e^z[c] / (e^z[0] + ... + e^z[C-1]). Both are (B, C).
void softmax(const Matrix& logits, Matrix& probabilities);

// The loss L of a batch with logits Z (B, C) and labels y (B), each less than C:
//   L = mean (or sum) over the batch of -sum over c of t[c] log p[c]
// where the target t, a row of T, is 1 for the label and 0 elsewhere, or smoothed. Softmax and
// cross-entropy are fused: log p[c] = z[c] - log sum e^z never takes the logarithm of a probability
// that was rounded to zero, and the gradient simplifies to dZ = (P - T) / B (without the B for a
// sum), written to grad_logits. Throws std::invalid_argument if sizes differ, the batch is empty or
// a label is not less than C.
double softmax_cross_entropy(const Matrix& logits, std::span<const std::uint8_t> labels,
                             Matrix& grad_logits, const LossSettings& settings = {});

// -log p[label] of one row of logits. The log loss of a data set is the mean of these.
double cross_entropy(std::span<const float> logits, std::size_t label);

}  // namespace digits
