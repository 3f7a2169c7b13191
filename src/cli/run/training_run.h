// One run of `digits train`, from the options to the files that it writes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/options/train_options.h"
#include "cli/run/run_folder.h"
#include "formats/safetensors.h"

namespace digits {

// Moves the share `options.validation` of the training images out of `data.train` and returns it as
// the validation set. Throws UsageError when either would be empty.
Dataset hold_out(TrainTest& data, const TrainOptions& options);

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
