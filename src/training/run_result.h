// The result of a training run, from which reports, metrics.json and model files are made.
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

// Everything that is known at the end of a run.
struct RunResult {
    std::string dataset;
    std::string test_dataset;
    Json data_hashes = Json::object();  // of the training, validation and test images
    std::string network;                // from describe()
    std::uint64_t seed = 0;
    Json settings = Json::object();  // all that affects the result, but for seed and data
    std::size_t parameters = 0;
    std::string weights_hash;
    History history;
    double train_accuracy = 0.0;  // of the final weights, on all training images
    std::optional<double> validation_accuracy;
    Evaluation test;
    double first_step_seconds = 0.0;  // from the start of the program to the end of the first step
    double seconds = 0.0;  // from the start to the end of the last evaluation, in all parts of a
                           // training that was resumed
};

}  // namespace digits
