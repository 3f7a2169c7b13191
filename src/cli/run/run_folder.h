// What a run leaves behind for other programs: the network, metrics.json, history.csv, steps.csv.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/options/train_options.h"
#include "formats/json.h"
#include "training/run_result.h"

namespace digits {

// The file in a run's folder that holds its network.
std::filesystem::path model_path(const std::filesystem::path& folder);

// Makes the folder and sees that `bytes` can be written to it. Done before the training, so that
// hours of it are not lost to a misspelt name. What an earlier run left stays until there is
// something newer. Throws std::runtime_error.
void prepare_run_folder(const std::filesystem::path& folder, std::size_t bytes = 0);

// So that a run that failed is not taken for one whose results are there.
void remove_results(const std::filesystem::path& folder);

// history.csv: a row per epoch. steps.csv: a row per step. Values that were not measured are empty.
void write_history(const std::filesystem::path& folder, const History& history);

void write_metrics(const std::filesystem::path& folder, const RunResult& result);

}  // namespace digits
