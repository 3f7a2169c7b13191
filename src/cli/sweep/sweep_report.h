// Output of `digits sweep`: a table of its results, best first, and a plot of all losses.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/options/train_options.h"
#include "cli/sweep/sweep.h"

namespace digits {

// A cell of the grid, and its result once it is finished.
struct Trial {
    SweepCell cell;
    TrainOptions options;
    std::string key{};
    std::optional<SweepResult> result{};
};

// The finished trials, best first.
std::vector<const Trial*> ranking(const std::vector<Trial>& trials);

// The best trials as a table: a heading and at most `most` rows.
std::string table_of(const std::vector<Trial>& trials, std::size_t most);

// loss.svg: the loss of each step of all finished trials; the best five are coloured and named.
void write_image(const std::filesystem::path& folder, const std::vector<Trial>& trials);

// Shows the results so far while the sweep runs: in a terminal a table that is redrawn, elsewhere a
// line for each training.
class SweepProgress {
public:
    explicit SweepProgress(const std::vector<Trial>& trials) : trials_(trials) {}

    void show(const Trial& last);
    void clear();  // removes the table, to make room for the final one

private:
    const std::vector<Trial>& trials_;
    std::size_t lines_ = 0;  // printed by the last call
};

}  // namespace digits
