// One run of `digits train`, from the options to the files that it leaves.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/options/train_options.h"
#include "cli/run/run_folder.h"
#include "formats/safetensors.h"

namespace digits {

// Takes `options.validation` of the training images away from `data.train`. Throws UsageError
// when that leaves none to train on, or none to validate with.
Dataset hold_out(TrainTest& data, const TrainOptions& options);

// How a run that can be interrupted began.
struct RunOrigin {
    std::vector<std::string> arguments;    // as they were typed behind `digits train`
    std::optional<TensorFile> checkpoint;  // where it goes on; without one it begins anew
};

// Loads, trains, tests and leaves the files of the run in options.out; prints unless options.quiet.
// With a `beginning`, it writes checkpoints, and Ctrl-C or SIGTERM makes it throw Interrupted
// once all is saved. Throws UsageError when the options do not suit the data, std::runtime_error
// when files are missing or the training diverges.
RunResult run_training(const TrainOptions& options, const RunOrigin* beginning = nullptr);

}  // namespace digits
