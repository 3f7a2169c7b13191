// One run of `digits train`, for the commands that train several times.
#pragma once

#include "program/resume.h"
#include "program/run_folder.h"
#include "program/train_options.h"

namespace digits {

// Takes `options.validation` of the training pictures away from `data.train`. Throws UsageError
// when that leaves none to train on, or none to validate with.
Dataset hold_out(TrainTest& data, const TrainOptions& options);

// What it takes to go on later with a training that a signal or a kill interrupts.
struct Resumable {
    std::vector<std::string> arguments;    // with which the training was begun
    std::optional<TensorFile> checkpoint;  // from which it goes on, if it does
};

// Loads, trains, tests and leaves the files of the run in options.out; prints unless options.quiet.
// With `resumable` it writes checkpoints, and a signal makes it throw Interrupted once all is
// saved. Throws UsageError when the options do not suit the data, std::runtime_error when files are
// missing or the training diverges.
RunResult run_training(const TrainOptions& options, const Resumable* resumable = nullptr);

}  // namespace digits
