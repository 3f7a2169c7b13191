// `digits reproduce`: repeats the published experiments with several seeds and tabulates the
// results.
#include <cmath>
#include <cstdio>

#include "cli/commands/commands.h"
#include "cli/commands/suite.h"
#include "cli/run/training_run.h"
#include "util/statistics.h"
#include "util/text.h"

namespace digits {
namespace {

constexpr double tolerance = 0.5;  // percentage points between a reference and our mean
constexpr const char* mark = "results of digits reproduce";

CommandLine command_line(SuiteOptions& options, std::size_t& seeds) {
    std::vector<std::string> names;
    for (const Preset& preset : experiment_presets()) names.emplace_back(preset.name);
    CommandLine line(
        "reproduce", std::string(reproduce_command.summary),
        str_cat("Trains every experiment (digits presets lists them) with the seeds 1, "
                "2, 3 and prints a table of the reported accuracy, the reference and ours. "
                "Exit code 1 if, on MNIST, a mean differs from its reference by more than ",
                tolerance, " percentage points."));
    line.add(setting_option({"seeds", "number of seeds: 1, 2, ... N", &seeds, {.low = 1}}));
    add_suite_options(line, options, names, mark);
    return line;
}

struct Reproduction {
    const Preset* preset;
    std::vector<double> test{}, train{};  // accuracies in percent, one for each seed
};

Reproduction reproduce(const Preset& preset, const SuiteOptions& options, std::size_t seeds) {
    Reproduction result{&preset};
    for (std::size_t seed = 1; seed <= seeds; ++seed) {
        const std::string name(preset.name);
        TrainOptions train;
        CommandLine line = train_command_line(train);
        const std::string words[] = {"--preset", name, "--seed", str_cat(seed), "--quiet"};
        parse_train_options(line, words, train);
        train.data.folder = options.data.folder;
        train.out = options.out / str_cat(name, "-", seed);
        const RunResult run = run_training(train);
        result.test.push_back(100.0 * run.test.accuracy());
        result.train.push_back(100.0 * run.train_accuracy);
        std::printf("%-18s  seed %zu  test %6.2f %%  train %6.2f %%  %s\n", name.c_str(), seed,
                    result.test.back(), result.train.back(), duration(run.seconds).c_str());
        std::fflush(stdout);
    }
    return result;
}

std::string table_of(const std::vector<Reproduction>& results) {
    std::string table =
        "| `--preset` | reported, % | reference, % | ours, % | ours on the training images, % "
        "|\n|---|---|---|---|---|\n";
    for (const Reproduction& result : results) {
        const Preset& preset = *result.preset;
        const auto& [reported, reference] = *preset.published;
        table +=
            str_cat("| `", preset.name, "` | ", reported, " | ",
                    reference ? format_fixed(*reference, 1) : "", " | ", mean_cell(result.test),
                    " | ", format_fixed(mean(result.train), 2), " |\n");
    }
    return table;
}

// Prints which means differ too much from their references. Returns whether none does.
bool agree_with_references(const std::vector<Reproduction>& results) {
    bool all_agree = true;
    for (const auto& [preset, test, train] : results) {
        const std::optional<double> reference = preset->published->reference;
        if (!reference) continue;
        const double difference = mean(test) - *reference;
        if (std::abs(difference) <= tolerance) continue;
        all_agree = false;
        std::printf(
            "%s is %s percentage points %s its reference\n", std::string(preset->name).c_str(),
            format_fixed(std::abs(difference), 2).c_str(), difference < 0 ? "below" : "above");
    }
    if (all_agree)
        std::printf("All are within %.1f percentage points of their references.\n", tolerance);
    return all_agree;
}

int run(std::span<const std::string> arguments) {
    SuiteOptions options{.out = "runs/reproduce"};
    std::size_t seeds = 3;
    CommandLine line = command_line(options, seeds);
    if (!line.parse(arguments)) {
        std::printf("%s", line.help().c_str());
        return 0;
    }
    require_ready(options, mark);
    std::vector<Reproduction> results;
    for (const Preset& preset : experiment_presets()) {
        if (is_wanted(options, preset.name)) results.push_back(reproduce(preset, options, seeds));
    }
    write_table(options, mark, table_of(results));
    const bool is_mnist = !line.given("--data");
    return is_mnist && !agree_with_references(results) ? 1 : 0;
}

}  // namespace

const Command reproduce_command{
    "reproduce", "repeats the experiments with several seeds and prints a table", run};

}  // namespace digits
