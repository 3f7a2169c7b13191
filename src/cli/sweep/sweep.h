// Sweep (grid search): the cells of the grid, and their results in cells.csv.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "plot/svg.h"

namespace digits {

// An option of `digits train` and the values to try; a switch has none.
struct SweepAxis {
    std::string option;  // "--hidden"
    std::vector<std::string> values{};
};

// "--hidden 24 64,32 --epochs 3" is two axes. Throws UsageError for anything of a different form.
std::vector<SweepAxis> parse_sweep(std::span<const std::string> words);

// One combination of values: a row of the table.
struct SweepCell {
    std::vector<std::string> words{};  // arguments of `digits train`
    std::string varied{};              // those that differ between cells
};

// All cells; the last axis varies fastest. Throws UsageError when there are more than 10,000.
std::vector<SweepCell> sweep_cells(std::span<const SweepAxis> axes);

struct SweepResult {
    std::size_t number = 0;  // its history is in the folder with this number
    // Empty when the training diverged.
    std::optional<double> validation_accuracy{}, validation_loss{};
    std::size_t best_epoch = 0;
    double seconds = 0.0;
    std::optional<double> test_accuracy{};  // only of the winner
    std::string key{};       // hash of all that determines the result: images, settings, version
    std::string settings{};  // the words of the command line, for people who read the file
};

// Whether `a` ranks before `b`: by validation accuracy, ties by validation loss.
bool is_better(const SweepResult& a, const SweepResult& b);

// cells.csv: a row for each finished cell, in the order in which they finished.
std::vector<SweepResult> read_results(const std::filesystem::path& folder);
void write_results(const std::filesystem::path& folder, std::span<const SweepResult> results);

// A number for the next cell: one that no folder of a result has.
std::size_t next_number(std::span<const SweepResult> results);

// Whether the training losses of this cell can be read.
bool has_losses(const std::filesystem::path& folder, std::size_t number);

// The training loss of each step of a cell, from its steps.csv.
std::vector<Point> read_losses(const std::filesystem::path& folder, std::size_t number);

}  // namespace digits
