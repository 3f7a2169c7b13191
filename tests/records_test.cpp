// `digits records`, on a tiny data set, and the tables that it wrote into the texts.
#include <cmath>
#include <filesystem>
#include <string>

#include "check.h"
#include "cli/commands/generated_section.h"
#include "cli/options/presets.h"
#include "cli/options/train_options.h"
#include "places.h"
#include "run_program.h"
#include "util/statistics.h"

namespace digits {
namespace {

using testing::check;
using testing::check_contains;
using testing::check_equal;
using testing::check_near;
using testing::check_throws;
using testing::digits_in;
using testing::make_data;
using testing::metric;
using testing::read_text;
using testing::Result;
using testing::TemporaryFolder;
using testing::write_text;

const std::string mark = "results of digits records";

TEST(mean_and_standard_deviation_of_a_sample) {
    const double values[] = {1.0, 2.0, 6.0};
    check_near(mean(values), 3.0, 1e-12);
    check_near(standard_deviation(values), std::sqrt(7.0), 1e-12);
    check_equal(mean_cell(values), "**3.00** ± 2.65");
    check_equal(mean_cell(std::span(values).first(1)), "**1.00**");
    check_throws([] { mean({}); }, "no values");
}

TEST(every_record_trains_on_all_images_and_long_ones_write_checkpoints) {
    for (const Preset& preset : record_presets()) {
        TrainOptions options;
        CommandLine line = train_command_line(options);
        const std::string words[] = {"--preset", std::string(preset.name)};
        check(parse_train_options(line, words, options));
        check_equal(options.validation, 0.0);
        check_equal(options.checkpoint_every > 0, preset.name != "quick");
    }
}

TEST(quick_is_trained_with_thirty_seeds_and_its_row_is_written) {
    const TemporaryFolder folder;
    make_data(folder);
    write_text(folder / "text.md", "<!-- " + mark + " -->\n<!-- end of " + mark + " -->\n");
    const Result result =
        digits_in(folder, "records --data tiny --only quick --epochs 26 --into text.md --out runs");
    check_equal(result.errors, "");
    check_equal(result.exit_code, 0);
    const std::string table = generated_section(folder / "text.md", mark);
    check_contains(result.output, table);
    check_contains(table, "| `quick` | ");
    check_contains(table, "Mean of 30 seeds. | **");
    check_contains(table, "| `digits train --preset quick` |\n");
    // The thirtieth run equals a separate run with that seed.
    const Result run = digits_in(
        folder, "train --data tiny --preset quick --epochs 26 --quiet --seed 30 --out out");
    check_equal(run.exit_code, 0);
    check_equal(read_text(folder / "out" / "steps.csv"),
                read_text(folder / "runs" / "quick-30" / "steps.csv"));
}

TEST(an_ensemble_is_trained_once_and_tested_like_digits_evaluate) {
    const TemporaryFolder folder;
    make_data(folder);
    const std::string command = "records --data tiny --only ensemble --epochs 1 --out runs";
    const Result first = digits_in(folder, command);
    check_equal(first.errors, "");
    check_contains(first.output,
                   " 2 such networks and 3 of `strong`, their probabilities averaged; individually "
                   "they reach ");
    const Result evaluated = digits_in(
        folder,
        "evaluate --data tiny runs/strong-*/model.safetensors runs/ensemble-*/model.safetensors");
    check_contains(evaluated.output, "An ensemble of 5");
    // "accuracy  75.00 %" in digits evaluate, "**75.00**" in the table.
    const std::size_t bold = first.output.rfind("| **") + 4;
    const std::string accuracy = first.output.substr(bold, first.output.find("**", bold) - bold);
    check_contains(evaluated.output, accuracy + " %");

    // A second call finds them finished; if one is missing, it is trained again, bit-identically.
    const std::filesystem::path kept = folder / "runs" / "strong-3" / "metrics.json";
    const auto written = std::filesystem::last_write_time(kept);
    const std::string hash = read_text(folder / "runs" / "ensemble-2" / "model.safetensors");
    std::filesystem::remove(folder / "runs" / "ensemble-2" / "metrics.json");
    check_equal(digits_in(folder, command).exit_code, 0);
    check(std::filesystem::last_write_time(kept) == written);
    check(std::filesystem::exists(folder / "runs" / "ensemble-2" / "metrics.json"));
    check(read_text(folder / "runs" / "ensemble-2" / "model.safetensors") == hash);
}

TEST(readme_and_chapter_show_the_same_records) {
    const std::filesystem::path top = testing::source_folder();
    const std::string table = generated_section(top / "chapters" / "experiments.md", mark);
    check_equal(generated_section(top / "README.md", mark), table);
    for (const Preset& preset : record_presets()) {
        check_contains(table, str_cat("| `", preset.name, "` | ", preset.teaches));
    }
}

}  // namespace
}  // namespace digits
