// `digits sweep`: the grid, the stored results, and that nothing is trained or tested twice.
#include "cli/sweep/sweep.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>

#include "check.h"
#include "cli/options/option.h"
#include "run_program.h"

namespace digits {
namespace {

using testing::check;
using testing::check_contains;
using testing::check_equal;
using testing::check_near;
using testing::check_throws;
using testing::digits_in;
using testing::make_data;
using testing::read_text;
using testing::Result;
using testing::TemporaryFolder;
using testing::write_text;

std::vector<SweepCell> cells_of(const std::vector<std::string>& words) {
    return sweep_cells(parse_sweep(words));
}

TEST(a_grid_is_every_combination_and_the_last_option_varies_fastest) {
    const std::vector<SweepCell> cells =
        cells_of({"--hidden", "8", "4,2", "--epochs=3", "--quick", "--seed", "1", "2"});
    check_equal(cells.size(), 4u);
    check(cells[1].words ==
          std::vector<std::string>{"--hidden", "8", "--epochs", "3", "--quick", "--seed", "2"});
    check_equal(cells[1].varied, "--hidden 8 --seed 2");
    check_equal(cells[2].varied, "--hidden 4,2 --seed 1");
    check_equal(cells_of({}).size(), 1u);
    check_equal(cells_of({"--a=1", "2"}).size(), 2u);
}

TEST(an_invalid_grid_is_refused) {
    check_throws([] { cells_of({"8", "--hidden"}); }, "unexpected argument '8'");
    check_throws([] { cells_of({"--a", "1", "--a", "2"}); }, "--a is given twice");
    const std::vector<std::string> hundred(101, "1");
    std::vector<std::string> words{"--a"};
    words.insert(words.end(), hundred.begin(), hundred.end());
    words.push_back("--b");
    words.insert(words.end(), hundred.begin(), hundred.end());
    check_throws([&] { cells_of(words); }, "more than 10000 combinations");
}

TEST(results_survive_writing_and_reading) {
    const TemporaryFolder folder;
    check(read_results(folder.path()).empty());
    const std::vector<SweepResult> results{
        {1, 0.9712, 0.125, 7, 3.5, {}, "0123456789abcdef", "--data \"a\" --hidden 8,4"},
        {2, {}, {}, 0, 0.25, 0.5, "fedcba9876543210", ""}};
    write_results(folder.path(), results);
    const std::vector<SweepResult> read = read_results(folder.path());
    check_equal(read.size(), 2u);
    check_near(read[0].validation_accuracy.value(), 0.9712, 0);
    check_near(read[0].validation_loss.value(), 0.125, 0);
    check_equal(read[0].best_epoch, 7u);
    check(!read[0].test_accuracy);
    check_equal(read[0].key, "0123456789abcdef");
    check_equal(read[0].settings, "--data \"a\" --hidden 8,4");
    check_equal(read[1].number, 2u);
    check(!read[1].validation_accuracy);
    check_near(read[1].test_accuracy.value(), 0.5, 0);
    check(is_better(read[0], read[1]) && !is_better(read[1], read[0]));
    check_equal(next_number(read), 3u);
    const std::string cells = read_text(folder / "cells.csv");
    // A damaged number is not taken for 0.
    write_text(folder / "cells.csv", cells + "3,0.x,0.1,1,1,,0123456789abcdef,\"\"\n");
    check_throws([&] { read_results(folder.path()); }, "expected a row of eight fields");
    write_text(folder / "cells.csv", "something else\n");
    check_throws([&] { read_results(folder.path()); }, "expected the header \"cell,");
}

TEST(a_sweep_is_sorted_and_resumes_where_it_was_interrupted) {
    const TemporaryFolder folder;
    make_data(folder);
    const std::string sweep = "sweep --data tiny --deskew --epochs 2 --out out --hidden 4 16 ";
    const Result first = digits_in(folder, sweep + "--learning-rate 0.1");
    check_equal(first.errors, "");
    check_equal(first.exit_code, 0);
    const std::string cells = read_text(folder / "out" / "cells.csv");
    const std::string history = read_text(folder / "out" / "1" / "history.csv");

    // As if the sweep had been interrupted in the second cell; and with a larger grid.
    write_text(folder / "out" / "cells.csv", cells.substr(0, cells.find("\n2,") + 1));
    const Result second = digits_in(folder, sweep + "--learning-rate 0.1 1e9");
    check_equal(second.exit_code, 0);
    check_contains(second.output, "4 of 4 finished");
    check_equal(read_text(folder / "out" / "1" / "history.csv"), history);  // it contains times
    const std::vector<SweepResult> results = read_results(folder / "out");
    check_equal(results.size(), 4u);
    // The table is sorted; trainings that diverged come last.
    const std::string table = second.output.substr(second.output.rfind("validation    loss"));
    check(table.find("0.1\n") < table.find("diverged"));
    double best = 0.0;
    for (const SweepResult& result : results) {
        best = std::max(best, result.validation_accuracy.value_or(0.0));
    }
    check(table.find(percent(best)) < table.find('\n', table.find('\n') + 1));
    check_contains(read_text(folder / "out" / "loss.svg"), "--hidden 16 --learning-rate 0.1");
}

TEST(only_the_winner_is_tested_and_only_once) {
    const TemporaryFolder folder;
    make_data(folder);
    const std::string sweep = "sweep --data tiny --epochs 1 --out out --hidden 4 16 32";
    check_equal(digits_in(folder, sweep).exit_code, 0);
    std::size_t tested = 0;
    const SweepResult* winner = nullptr;
    const std::vector<SweepResult> results = read_results(folder / "out");
    for (const SweepResult& result : results) {
        tested += result.test_accuracy.has_value();
        if (!winner || is_better(result, *winner)) winner = &result;
    }
    check_equal(tested, 1u);
    check(winner && winner->test_accuracy.has_value());
    // The run of the winner has the validation accuracy of its cell, to the last bit.
    const std::string metrics = read_text(folder / "out" / "winner" / "metrics.json");
    check_contains(
        metrics,
        str_cat("\"validation_accuracy\": ", winner->validation_accuracy.value()).substr(0, 28));
    const auto written = [&](const char* run) {
        return std::filesystem::last_write_time(folder / "out" / run / "history.csv");
    };
    const auto winner_time = written("winner"), cell_time = written("2");
    check_equal(digits_in(folder, sweep).exit_code, 0);
    check(written("winner") == winner_time);
    // Where the run of another winner has replaced it, or where it was deleted, it is run again.
    write_text(folder / "out" / "winner" / "metrics.json", "{}");
    check_equal(digits_in(folder, sweep).exit_code, 0);
    check(written("winner") != winner_time);
    check_equal(read_text(folder / "out" / "winner" / "metrics.json").substr(0, 12),
                metrics.substr(0, 12));
    // A cell whose history was deleted is not finished.
    std::filesystem::remove_all(folder / "out" / "1");
    check_equal(digits_in(folder, sweep).errors, "");
    check_equal(read_results(folder / "out").size(), 3u);
    check(written("2") == cell_time);
}

TEST(a_sweep_reuses_only_results_of_the_same_images) {
    const TemporaryFolder folder;
    const auto outcome = [&](const std::string& out) {
        const Result result =
            digits_in(folder, "sweep --data a --epochs 1 --hidden 4 8 --out " + out);
        check_equal(result.errors, "");
        std::string cells;  // without the seconds
        for (const SweepResult& cell : read_results(folder / out)) {
            if (!cell.test_accuracy) continue;
            cells = str_cat(*cell.validation_loss, " ", *cell.test_accuracy, " ", cell.key);
        }
        return cells;
    };
    check_equal(digits_in(folder, "synthesize --count 350 --seed 1 --out a").exit_code, 0);
    const std::string first = outcome("out");
    check_equal(digits_in(folder, "synthesize --count 350 --seed 2 --out a").exit_code, 0);
    const std::string second = outcome("out");
    check(second != first);
    check_equal(second, outcome("fresh"));
    // As little as the label of a test image makes a difference.
    const std::filesystem::path labels = folder / "a" / "t10k-labels-idx1-ubyte";
    std::string bytes = read_text(labels);
    bytes.back() = static_cast<char>((bytes.back() + 1) % 10);
    write_text(labels, bytes);
    check_equal(outcome("out"), outcome("changed"));
    // The images of the first sweep again: its results still count.
    const std::string cells = read_text(folder / "out" / "cells.csv");
    check_equal(digits_in(folder, "synthesize --count 350 --seed 1 --out a").exit_code, 0);
    outcome("out");
    check_equal(read_text(folder / "out" / "cells.csv"), cells);
}

TEST(a_sweep_without_validation_or_over_seeds_is_refused) {
    const TemporaryFolder folder;
    const Result blind = digits_in(folder, "sweep --preset jax-24 --hidden 4 8");
    check_equal(blind.exit_code, 2);
    check_contains(blind.errors, "--validation must be above 0");
    const Result luck = digits_in(folder, "sweep --seed 1 2");
    check_equal(luck.exit_code, 2);
    check_contains(luck.errors, "selecting by luck");
    for (const char* words : {"--resume", "--resume out", "--checkpoint-every 1"}) {
        const Result resumed = digits_in(folder, str_cat("sweep --hidden 4 8 ", words));
        check_equal(resumed.exit_code, 2);
        check_contains(resumed.errors, "digits sweep does not take --");
        check_contains(resumed.errors, "after an interruption, the same command resumes");
    }
    make_data(folder);
    const Result late = digits_in(folder, "sweep --data tiny --warmup 0 9999 --out late");
    check_equal(late.exit_code, 2);
    check_contains(late.errors, "--warmup 9999 is as long as the whole training");
    check(!std::filesystem::exists(folder / "late" / "1"));
    const Result diverged = digits_in(
        folder, "sweep --data tiny --epochs 1 --initializer normal --deviation 1e9 --out out");
    check_equal(diverged.exit_code, 1);
    check_contains(diverged.errors,
                   "sweep: all trainings diverged; this shows why: " + testing::digits_program() +
                       " train --data tiny --epochs 1 --initializer normal --deviation 1e9\n");
    const Result option = digits_in(folder, "sweep --hiden 4 8");
    check_equal(option.exit_code, 2);
    check_contains(option.errors, "did you mean --hidden?");
}

}  // namespace
}  // namespace digits
