// Evaluation: the predictions, confusion matrix and loss of a network or ensemble on a data set.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "data/dataset.h"
#include "training/metrics.h"
#include "training/model.h"

namespace digits {

// The class with the largest logit; the first one on a tie.
std::size_t predicted_class(std::span<const float> logits);

// In how many rows of the logits (B, C) the prediction equals the label.
std::size_t count_correct(const Matrix& logits, std::span<const std::uint8_t> labels);

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
// classes.
Evaluation evaluate(const Network& network, const Dataset& data,
                    const Preprocessing& preprocessing = {});

// Evaluates an ensemble, which predicts the mean of its models' probabilities. It is correct more
// often than each model alone if they make different mistakes (Hansen and Salamon, "Neural Network
// Ensembles", 1990). A loss is at most -log of the smallest normal float, 87. Throws
// std::invalid_argument as above, and if the models differ in their number of inputs or outputs.
Evaluation evaluate(std::span<const Model* const> ensemble, const Dataset& data);

// The mean of the models' probabilities (B, C) for a batch of raw images X (B, I).
void ensemble_probabilities(std::span<const Model* const> ensemble, const Matrix& input,
                            Matrix& probabilities);

// The indices of the values, from the largest value to the smallest. Ties stay in order; NaN comes
// last.
std::vector<std::size_t> ranking(std::span<const float> values);

// The indices of the misclassified images with the largest loss, worst first: at most `count`.
std::vector<std::size_t> worst_mistakes(const Evaluation& evaluation, const Dataset& data,
                                        std::size_t count);

}  // namespace digits
