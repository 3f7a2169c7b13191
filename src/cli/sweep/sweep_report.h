// What `digits sweep` shows of its trainings: a table, the best first, and an image of all losses.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/options/train_options.h"
#include "cli/sweep/sweep.h"

namespace digits {

// A cell of the grid, and its result once there is one.
struct Trial {
    SweepCell cell;
    TrainOptions options;
    std::string key{};
    std::optional<SweepResult> result{};
};

// Those that are finished, the best first.
std::vector<const Trial*> ranking(const std::vector<Trial>& trials);

// Its first rows, at most so many, with a heading.
std::string table_of(const std::vector<Trial>& trials, std::size_t most);

// loss.svg: the loss of all that are finished, step by step; the best five have colours and names.
void write_image(const std::filesystem::path& folder, const std::vector<Trial>& trials);

// Shows what there is while the sweep goes on: in a terminal the table, drawn over the one before,
// elsewhere a line for each training.
class SweepProgress {
public:
    explicit SweepProgress(const std::vector<Trial>& trials) : trials_(trials) {}

    void show(const Trial& last);
    void clear();  // the table, to make room for the last one

private:
    const std::vector<Trial>& trials_;
    std::size_t lines_ = 0;  // that the last call printed
};

}  // namespace digits
