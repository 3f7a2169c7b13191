// `digits train --resume`: what a checkpoint must hold besides the state of the training, and
// whether what is asked for now agrees with it.
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>

#include "cli/options/train_options.h"
#include "formats/safetensors.h"

namespace digits {

std::filesystem::path checkpoint_path(const std::filesystem::path& folder);

// Once a training is finished, nothing is left to resume.
void remove_checkpoint(const std::filesystem::path& folder);

// The images of a training, after the split and with the validation held out.
struct TrainingData {
    const Dataset& training;
    const Dataset* validation;
    const Dataset& test;
};

// What a checkpoint must know of the run: `arguments` as they were typed behind `digits train`, the
// settings they led to, and hashes of the data.
std::map<std::string, std::string> checkpoint_notes(std::span<const std::string> arguments,
                                                    const TrainOptions& options,
                                                    const TrainingData& data);

// A training to go on with.
struct ResumedRun {
    TensorFile checkpoint;
    std::vector<std::string> arguments;  // with which it was begun
    TrainOptions options;                // of those, and of what was typed now
};

// Reads the checkpoint in the folder that --resume names. `arguments` are those typed now: they may
// say where the data is, how many threads, how often to write a checkpoint and whether to be quiet;
// all else must be as it was. Throws UsageError that says what is not, and std::runtime_error when
// there is no checkpoint or it is damaged.
ResumedRun read_resumed_run(const std::filesystem::path& folder,
                            std::span<const std::string> arguments);

// Throws std::runtime_error that says which part of the data is not what the training began with.
void require_same_data(const TensorFile& checkpoint, const TrainingData& data);

}  // namespace digits
