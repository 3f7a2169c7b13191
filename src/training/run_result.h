// The outcome of a training run: what reports, metrics.json and model files are made from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "formats/json.h"
#include "training/evaluation.h"
#include "training/trainer.h"

namespace digits {

// What the validation images were read as after an epoch.
struct EpochConfusion {
    std::size_t epoch;
    ConfusionMatrix confusion;
};

// Everything that is known when a run is over.
struct RunResult {
    std::string dataset;
    std::string test_dataset;
    std::string network;  // described
    std::uint64_t seed = 0;
    Json settings = Json::object();  // all that the result depends on, but for the seed and data
    std::size_t parameters = 0;
    std::string weights_hash;
    History history;
    double train_accuracy = 0.0;  // of the final weights, on all training images
    std::optional<double> validation_accuracy;
    Evaluation test;
    std::vector<EpochConfusion> validations{};  // of each epoch that was validated, in order
    double first_step_seconds = 0.0;  // from the start of the program to the end of the first step
    double seconds = 0.0;             // and to the end of the last evaluation
};

}  // namespace digits
