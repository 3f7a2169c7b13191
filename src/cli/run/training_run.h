// One run of `digits train`, from the options to the files that it writes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/options/train_options.h"
#include "cli/run/resume.h"
#include "cli/run/run_folder.h"
#include "formats/safetensors.h"

namespace digits {

// The images of a run.
struct RunData {
    TrainTest images;                     // `train` without those that are held out
    std::optional<Dataset> validation{};  // held out of them

    TrainingData parts() const {
        return {images.train, validation ? &*validation : nullptr, images.test};
    }
};

// Loads, splits and holds out what the options say. Throws UsageError when a part would be empty.
RunData load_run_data(const TrainOptions& options);

// The number of steps of a training with so many images. Throws UsageError when they cannot be
// counted or when the warm-up takes all of them.
std::size_t steps_of(const TrainOptions& options, std::size_t examples);

// How a run that can be interrupted was started.
struct RunOrigin {
    std::vector<std::string> arguments;    // those after `digits train`, as they were typed
    std::optional<TensorFile> checkpoint;  // the state to resume from; without one it starts fresh
};

// Loads the data, trains, tests and writes the files of the run to options.out; prints unless
// options.quiet. With an `origin`, it writes checkpoints, and Ctrl-C or SIGTERM makes it throw
// Interrupted once everything is saved. Throws UsageError when the options do not suit the data,
// std::runtime_error when files are missing or the training diverges.
RunResult run_training(const TrainOptions& options, const RunOrigin* origin = nullptr);

}  // namespace digits
