// `digits reproduce`, generated sections, and the tables that it wrote into the texts.
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <string>

#include "check.h"
#include "cli/commands/generated_section.h"
#include "cli/options/presets.h"
#include "places.h"
#include "run_program.h"

namespace digits {
namespace {

using testing::check;
using testing::check_contains;
using testing::check_equal;
using testing::check_throws;
using testing::digits_in;
using testing::make_data;
using testing::metric;
using testing::read_text;
using testing::Result;
using testing::TemporaryFolder;
using testing::write_text;

const std::string mark = "results of digits reproduce";

TEST(only_the_generated_section_of_a_text_is_replaced) {
    const TemporaryFolder folder;
    write_text(folder / "a.md", "before\n<!-- x -->\nold\n<!-- end of x -->\nafter\n");
    replace_generated_section(folder / "a.md", "x", "new\nlines\n");
    check_equal(read_text(folder / "a.md"),
                "before\n<!-- x -->\nnew\nlines\n<!-- end of x -->\nafter\n");
    check_equal(generated_section(folder / "a.md", "x"), "new\nlines\n");
    check_throws([&] { generated_section(folder / "a.md", "y"); },
                 "\"<!-- end of y -->\" around the generated section");
    write_text(folder / "b.md", "<!-- end of x -->\n<!-- x -->\n");
    check_throws([&] { replace_generated_section(folder / "b.md", "x", ""); },
                 "b.md: expected the lines");
}

TEST(a_generated_section_keeps_the_line_ends_of_its_file) {
    const TemporaryFolder folder;
    write_text(folder / "a.md", "before\r\n<!-- x -->\r\nold\r\n<!-- end of x -->\r\nafter\r\n");
    replace_generated_section(folder / "a.md", "x", "new\nlines\n");
    check_equal(read_text(folder / "a.md"),
                "before\r\n<!-- x -->\r\nnew\r\nlines\r\n<!-- end of x -->\r\nafter\r\n");
    replace_generated_section(folder / "a.md", "x", "");
    check_equal(generated_section(folder / "a.md", "x"), "");
}

TEST(a_preset_is_trained_with_each_seed_and_the_table_has_mean_and_standard_deviation) {
    const TemporaryFolder folder;
    make_data(folder);
    write_text(folder / "text.md", "<!-- " + mark + " -->\n<!-- end of " + mark + " -->\n");
    const Result result = digits_in(
        folder, "reproduce --data tiny --only jax-24 --seeds 2 --into text.md --out runs");
    check_equal(result.errors, "");
    check_equal(result.exit_code, 0);
    const std::string table = generated_section(folder / "text.md", mark);
    check_contains(result.output, table);
    check_contains(table, "\n| `jax-24` | none | 96.3 | **");
    // Each run equals a separate run with that seed.
    double sum = 0.0, accuracies[2] = {};
    for (const int seed : {1, 2}) {
        const Result run = digits_in(
            folder,
            str_cat("train --data tiny --preset jax-24 --quiet --seed ", seed, " --out out"));
        check_equal(run.exit_code, 0);
        accuracies[seed - 1] = 100 * *parse_number(metric(folder, "test_accuracy"));
        sum += accuracies[seed - 1];
        check_equal(read_text(folder / "out" / "steps.csv"),
                    read_text(folder / "runs" / str_cat("jax-24-", seed) / "steps.csv"));
    }
    char row[64];
    std::snprintf(row, sizeof row, "**%.2f** ± %.2f |", sum / 2,
                  std::abs(accuracies[0] - accuracies[1]) / std::sqrt(2.0));
    check_contains(table, row);
}

TEST(missing_mnist_and_missing_markers_are_errors_that_say_what_to_do) {
    const TemporaryFolder folder;
    const Result missing = digits_in(folder, "reproduce");
    check_equal(missing.exit_code, 1);
    check_contains(missing.errors, "`make mnist`");
    make_data(folder);
    write_text(folder / "text.md", "no marks\n");
    const Result unmarked = digits_in(folder, "reproduce --data tiny --into text.md --out runs");
    check_equal(unmarked.exit_code, 1);
    check_contains(unmarked.errors, "\"<!-- results of digits reproduce -->\"");
    check(!std::filesystem::exists(folder / "runs"));  // the error came before the training
    check_equal(digits_in(folder, "reproduce --only nothing").exit_code, 2);
}

TEST(readme_and_chapter_show_the_same_table_with_a_row_for_every_preset) {
    const std::filesystem::path top = testing::source_folder();
    const std::string table = generated_section(top / "chapters" / "experiments.md", mark);
    check_equal(generated_section(top / "README.md", mark), table);
    for (const Preset& preset : experiment_presets()) {
        check_contains(table,
                       str_cat("| `", preset.name, "` | ", preset.published->reported, " | "));
    }
}

}  // namespace
}  // namespace digits
