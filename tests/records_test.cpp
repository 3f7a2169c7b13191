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
    check_contains(table, "| `digits train --preset quick --epochs 26 --data tiny` |\n");
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

    check_contains(first.output,
                   "| `digits evaluate runs/{strong-[1-3],ensemble-[1-2]}/model.safetensors --data "
                   "tiny` |\n");

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

// The lines "plain  seed 1  test 42.00 %", without the times.
std::string accuracies(const Result& result) {
    check_equal(result.errors, "");
    std::string lines;
    for (std::size_t at = 0; (at = result.output.find("seed  ", at)) != std::string::npos; ++at) {
        lines += result.output.substr(at, result.output.find('%', at) - at) + "\n";
    }
    return lines;
}

TEST(finished_records_count_only_for_the_same_images_settings_and_version) {
    const TemporaryFolder folder;
    const auto records = [&](const std::string& data, const std::string& out) {
        return digits_in(folder,
                         "records --only plain --epochs 1 --data " + data + " --out " + out);
    };
    const std::string because = "plain-1: trained anew, because ";
    check_equal(digits_in(folder, "synthesize --count 210 --seed 1 --out a").exit_code, 0);
    check_equal(digits_in(folder, "synthesize --count 210 --seed 2 --out b").exit_code, 0);
    check_equal(records("a", "runs").exit_code, 0);
    const Result other = records("b", "runs");
    check_contains(other.output, because + "it was trained or tested with other images");
    check_equal(accuracies(other), accuracies(records("b", "fresh")));
    // The same images under another name are the same.
    std::filesystem::rename(folder / "b", folder / "c");
    check(records("c", "runs").output.find("anew") == std::string::npos);

    const std::filesystem::path path = folder / "runs" / "plain-1" / "metrics.json";
    const std::string metrics = read_text(path);
    const auto changed = [&](const std::string& from, const std::string& to) {
        std::string text = metrics;
        const std::size_t at = text.find(from);
        check(at != std::string::npos);
        write_text(path, text.replace(at, from.size(), to));
        const Result again = records("c", "runs");
        check_equal(again.exit_code, 0);
        return again.output;
    };
    check_contains(changed("\"version\": \"", "\"version\": \"1."),
                   because + "it was trained by another version");
    check_contains(changed("\"data_hash\"", "\"older\""),
                   because + "it was trained or tested with");
    check_contains(changed("\"learning_rate\": 0.05", "\"learning_rate\": 0.06"),
                   because + "its learning_rate was 0.06");
    check_contains(changed("{", ""), because + "it is damaged: ");
    check_contains(changed("\"weights_hash\": \"", "\"weights_hash\": \"0"),
                   because + "its network is another");
    std::filesystem::remove(folder / "runs" / "plain-1" / "model.safetensors");
    check_contains(changed("{", "{"), because + "it is damaged: ");
}

TEST(an_interrupted_training_with_other_settings_is_not_taken_for_a_record) {
    const TemporaryFolder folder;
    make_data(folder);
    write_text(folder / "interrupt.sh",
               testing::digits_program() +
                   " train --preset plain --seed 1 --epochs 100000 --data tiny --out runs/plain-1 "
                   "--checkpoint-every 1 --quiet &\n"
                   "while [ ! -e runs/plain-1/checkpoint.safetensors ]; do sleep 0.1; done\n"
                   "kill -TERM $!\nwait $!\n");
    const std::string command = "cd '" + folder.path().string() + "' && sh interrupt.sh 2>errors";
    check(std::system(command.c_str()) != 0);
    const Result result =
        digits_in(folder, "records --only plain --epochs 1 --data tiny --out runs");
    check_equal(result.exit_code, 1);
    check_contains(result.errors,
                   "runs/plain-1: holds an interrupted training with other settings (epochs was "
                   "100000, now 1); to finish that: ");
    check(std::filesystem::exists(folder / "runs" / "plain-1" / "checkpoint.safetensors"));
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
