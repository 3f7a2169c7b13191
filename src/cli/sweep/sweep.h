// A sweep: every combination of some settings trained, and what of it lies on the disk.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "plot/svg.h"

namespace digits {

// An option of `digits train` and the values to try. A switch has none.
struct SweepAxis {
    std::string option;  // "--hidden"
    std::vector<std::string> values{};
};

// "--hidden 24 64,32 --epochs 3" is two axes. Throws UsageError for what is not of that form.
std::vector<SweepAxis> parse_sweep(std::span<const std::string> words);

// One combination: a row of the table.
struct SweepCell {
    std::vector<std::string> words{};  // for `digits train`
    std::string varied{};              // of these, those that differ from cell to cell
};

// All of them; the last axis varies fastest. Throws UsageError when there are more than 10,000.
std::vector<SweepCell> sweep_cells(std::span<const SweepAxis> axes);

struct SweepResult {
    std::size_t number = 0;  // its history is in the folder of that name
    // None when the training diverged.
    std::optional<double> validation_accuracy{}, validation_loss{};
    std::size_t best_epoch = 0;
    double seconds = 0.0;
    std::optional<double> test_accuracy{};  // of the winner only
    std::string key{};                      // the data and all options: what was trained
};

// Whether `a` is to be preferred: by accuracy, of equals by loss.
bool is_better(const SweepResult& a, const SweepResult& b);

// cells.csv: a row for each cell that is finished, in the order in which they were.
std::vector<SweepResult> read_results(const std::filesystem::path& folder);
void write_results(const std::filesystem::path& folder, std::span<const SweepResult> results);

// The losses of a cell, step by step, out of its steps.csv.
std::vector<Point> read_losses(const std::filesystem::path& folder, std::size_t number);

}  // namespace digits
