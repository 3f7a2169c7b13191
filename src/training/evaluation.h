// What a trained network makes of images that it is shown: the raw material of every report.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "data/dataset.h"
#include "training/metrics.h"
#include "training/model.h"

namespace digits {

// The class with the largest logit; of equals the first.
std::size_t predicted_class(std::span<const float> logits);

// In how many rows of the logits (B, C) the label's is the largest.
std::size_t count_correct(const Matrix& logits, std::span<const std::uint8_t> labels);

// What the network said of one image.
struct Prediction {
    std::uint8_t predicted = 0;
    float confidence = 0.0f;  // its probability
    float loss = 0.0f;        // -log of the probability of the right class
};

struct Evaluation {
    ConfusionMatrix confusion;
    double log_loss = 0.0;                // the mean of all losses
    std::vector<Prediction> predictions;  // in the order of the data set

    double accuracy() const { return confusion.accuracy(); }
};

// Throws std::invalid_argument when there are no images, or not of the size that the network takes.
Evaluation evaluate(const Network& network, const Dataset& data,
                    const Preprocessing& preprocessing = {});

// An ensemble: its prediction is the mean of the models' probabilities, which is right more often
// than each model alone if they make different mistakes (Hansen and Salamon, "Neural Network
// Ensembles", 1990). A loss is at most -log of the smallest float, 87. Throws std::invalid_argument
// as above, and when the models differ in their inputs or outputs.
Evaluation evaluate(std::span<const Model* const> ensemble, const Dataset& data);

// The mean of the models' probabilities (B, C) for a batch of images X (B, I), not preprocessed.
void ensemble_probabilities(std::span<const Model* const> ensemble, const Matrix& input,
                            Matrix& probabilities);

// The order of the values from the largest to the smallest, as indices; of equals, the first first.
// NaN comes last.
std::vector<std::size_t> ranking(std::span<const float> values);

// The misread images with the greatest loss, the worst first: at most `count` indices.
std::vector<std::size_t> worst_mistakes(const Evaluation& evaluation, const Dataset& data,
                                        std::size_t count);

}  // namespace digits
