// Evaluation: the predictions, confusion matrix and loss of a network on a data set.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "data/dataset.h"
#include "training/metrics.h"
#include "training/model.h"

namespace digits {

// The class with the largest logit; the first one on a tie.
std::size_t predicted_class(std::span<const float> logits);

// In how many rows of the logits (B, C) the prediction equals the label.
std::size_t count_correct(const Matrix& logits, std::span<const std::uint8_t> labels);

// Throws std::runtime_error if one of the logits (B, C) is infinite or NaN: then there is no
// prediction. `name` is that of the network.
void require_finite_logits(const Matrix& logits, std::string_view name);

// The prediction for one image.
struct Prediction {
    std::uint8_t predicted = 0;
    float confidence = 0.0f;  // the probability of the predicted class
    float loss = 0.0f;        // -log of the probability of the correct class
};

struct Evaluation {
    ConfusionMatrix confusion;
    double log_loss = 0.0;                // the mean loss
    std::vector<Prediction> predictions;  // in the order of the data set

    double accuracy() const { return confusion.accuracy(); }
};

// Throws std::invalid_argument if there are no images or the network does not fit their size and
// classes, and std::runtime_error if its logits are not finite.
Evaluation evaluate(const Network& network, const Dataset& data,
                    const Preprocessing& preprocessing = {});

// What makes the predictions: computes the probabilities (B, C) of a batch of raw images X (B, I),
// which it may change, and returns the scores (B, C), the largest of which is the prediction.
using Predictor = std::function<const Matrix&(Matrix& input, Matrix& probabilities)>;

// Evaluates any predictor; loss(scores, label) is the loss of one image.
Evaluation evaluate_with(const Predictor& predict,
                         double (*loss)(std::span<const float> scores, std::size_t label),
                         const Dataset& data, std::size_t classes);

// Throws std::invalid_argument if there are no images in `data`, or if the network does not fit
// their size and classes.
void require_fits(const Network& network, const Dataset& data);

// The indices of the values, from the largest value to the smallest. Ties stay in order; NaN comes
// last.
std::vector<std::size_t> ranking(std::span<const float> values);

// The indices of the misclassified images with the largest loss, worst first: at most `count`.
std::vector<std::size_t> worst_mistakes(const Evaluation& evaluation, const Dataset& data,
                                        std::size_t count);

}  // namespace digits
