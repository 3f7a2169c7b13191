// The run folder: model.safetensors, metrics.json, history.csv and steps.csv, for other programs.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/options/train_options.h"
#include "formats/json.h"
#include "training/run_result.h"

namespace digits {

// The path of the trained network in a run folder.
std::filesystem::path model_path(const std::filesystem::path& folder);

// Creates the folder and checks that `bytes` can be written to it, before the training, so that a
// misspelt name or a full disk does not cost hours of training. Results of an earlier run stay
// until they are replaced. Throws std::runtime_error.
void prepare_run_folder(const std::filesystem::path& folder, std::size_t bytes = 0);

// Removes stale results, so that a failed run cannot be mistaken for a finished one.
void remove_results(const std::filesystem::path& folder);

// history.csv: a row per epoch. steps.csv: a row per step. Values that were not measured are empty.
void write_history(const std::filesystem::path& folder, const History& history);

void write_metrics(const std::filesystem::path& folder, const RunResult& result);

}  // namespace digits
