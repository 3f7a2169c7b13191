// Finished runs: whether a run folder already holds the result that some options would give.
#pragma once

#include <optional>
#include <string>

#include "cli/options/train_options.h"
#include "cli/run/resume.h"

namespace digits {

struct FinishedRun {
    double test_accuracy = 0.0;
    double seconds = 0.0;  // that it took
};

// What is in the folder options.out.
struct EarlierRun {
    std::optional<FinishedRun> result{};  // only if training again would give the same
    std::string difference{};             // else why not; empty if there is no finished run
};

// Compares the run in options.out, by its metrics.json and its model.safetensors, with what would
// be trained now: all settings, the seed, every pixel and label of `data`, and the version of the
// program. A damaged run counts as a different one.
EarlierRun find_earlier_run(const TrainOptions& options, const TrainingData& data);

}  // namespace digits
