// `digits train --resume`: the arguments, settings and data hashes that a checkpoint stores besides
// the state of the training, and the checks that a resumed run agrees with them.
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>

#include "cli/options/train_options.h"
#include "formats/json.h"
#include "formats/safetensors.h"

namespace digits {

// The images of a training, after the split and with the validation set held out.
struct TrainingData {
    const Dataset& training;
    const Dataset* validation;
    const Dataset& test;
};

// The metadata of a checkpoint: the arguments after `digits train`, as they were typed, the
// settings they resulted in, and hashes of the data.
std::map<std::string, std::string> checkpoint_notes(std::span<const std::string> arguments,
                                                    const TrainOptions& options,
                                                    const TrainingData& data);

// Notes for how many seconds the training has run so far, in all its parts.
void note_seconds(std::map<std::string, std::string>& notes, double seconds);

// What note_seconds() noted. In a checkpoint of an earlier version: the seconds of its epochs.
double seconds_before(const TensorFile& checkpoint, const History& history);

// {"training": "0123456789abcdef", "validation": null, "test": ...}, as metrics.json has it: equal
// hashes mean equal images and labels, whatever the names of their folders.
Json data_hashes(const TrainingData& data);

// "learning_rate was 0.1, now 0.2; ...": all differences in the seed and in the settings that
// determine the result, or "".
std::string setting_differences(const TrainOptions& before, const TrainOptions& now);

// An interrupted training, read from its checkpoint.
struct ResumedRun {
    TensorFile checkpoint;
    std::vector<std::string> arguments;  // with which it was started
    TrainOptions options;                // from these and the arguments of this run
};

// Reads the checkpoint in the folder of --resume. `arguments` are those of this run: they may
// change the data folder, the number of threads, the checkpoint interval, --quiet and --open.
// Throws UsageError that lists what else differs, and std::runtime_error when there is no
// checkpoint or it is damaged.
ResumedRun read_resumed_run(const std::filesystem::path& folder,
                            std::span<const std::string> arguments);

// Throws std::runtime_error that says which part of the data differs from that of the checkpoint.
void require_same_data(const TensorFile& checkpoint, const TrainingData& data);

}  // namespace digits
