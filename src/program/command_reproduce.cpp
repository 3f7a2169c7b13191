// `digits reproduce`: the published experiments once more, with several seeds, as one table.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <sstream>

#include "program/commands.h"
#include "program/format.h"
#include "program/marked_part.h"
#include "program/presets.h"
#include "program/training_run.h"

namespace digits {
namespace {

constexpr double tolerated = 0.5;  // percentage points between a reference and our mean
constexpr const char* mark = "results of digits reproduce";

struct ReproduceOptions {
    DataOptions data{};
    std::size_t seeds = 3;
    std::vector<std::string> only{};            // names of presets; empty for all
    std::vector<std::filesystem::path> into{};  // files that hold the table
    std::filesystem::path out = "runs/reproduce";
};

CommandLine command_line(ReproduceOptions& options) {
    CommandLine line("reproduce", std::string(reproduce_command.summary),
                     text("Trains every preset (digits presets lists them) with the seeds 1, 2, 3 "
                          "and prints what was reported, the reference, and ours as a table. Exit "
                          "code 1 when the mean of one is more than ",
                          tolerated, " points from its reference on MNIST."));
    Option data = path_option("--data", "DIR", "other pictures than MNIST", options.data.folder);
    data.otherwise = "data/mnist";
    line.add(std::move(data));
    line.add(whole_option("--seeds", "N", "how many, from 1 on", options.seeds, 1));
    line.add({"--only", "NAME", "this preset; may be given several times", "all",
              [&options](const std::string& name) {
                  options.only.emplace_back(find_preset(name).name);
              }});
    line.add({"--into", "FILE",
              text("write the table into this text, too, between its lines \"<!-- ", mark,
                   " -->\" and \"<!-- end of ", mark, " -->\"; may be given several times"),
              "", [&options](const std::string& file) { options.into.emplace_back(file); }});
    line.add(path_option("--out", "DIR", "folder for the runs, a folder for each", options.out));
    return line;
}

struct Reproduction {
    const Preset* preset;
    std::vector<double> test{}, train{};  // accuracies in percent, one for each seed
};

double mean(const std::vector<double>& values) {
    double sum = 0.0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
}

// Of a sample: the sum of squares is divided by one less than there are values.
std::string deviation(const std::vector<double>& values) {
    if (values.size() < 2) return "";
    double squares = 0.0;
    for (const double value : values) squares += std::pow(value - mean(values), 2);
    return " ± " + fixed(std::sqrt(squares / static_cast<double>(values.size() - 1)), 2);
}

Reproduction reproduce(const Preset& preset, const ReproduceOptions& options) {
    Reproduction result{&preset};
    for (std::size_t seed = 1; seed <= options.seeds; ++seed) {
        const std::string name(preset.name);
        TrainOptions train;
        CommandLine line = train_command_line(train);
        const std::string words[] = {"--preset", name, "--seed", text(seed), "--quiet"};
        parse_train_options(line, words, train);
        train.data.folder = options.data.folder;
        train.out = options.out / text(name, "-", seed);
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
        "| `--preset` | they report, % | reference, % | ours, % | ours on the training pictures, % "
        "|\n|---|---|---|---|---|\n";
    for (const Reproduction& result : results) {
        const Preset& preset = *result.preset;
        table += text("| `", preset.name, "` | ", preset.reported, " | ",
                      preset.reference ? fixed(*preset.reference, 1) : "", " | **",
                      fixed(mean(result.test), 2), "**", deviation(result.test), " | ",
                      fixed(mean(result.train), 2), " |\n");
    }
    return table;
}

// Says which rows are off; whether there are none.
bool agree_with_references(const std::vector<Reproduction>& results) {
    bool all_agree = true;
    for (const auto& [preset, test, train] : results) {
        if (!preset->reference) continue;
        const double difference = mean(test) - *preset->reference;
        if (std::abs(difference) <= tolerated) continue;
        all_agree = false;
        std::printf("%s is %s points %s its reference\n", std::string(preset->name).c_str(),
                    fixed(std::abs(difference), 2).c_str(), difference < 0 ? "below" : "above");
    }
    if (all_agree) std::printf("All are within %.1f points of their references.\n", tolerated);
    return all_agree;
}

int run(std::span<const std::string> arguments) {
    ReproduceOptions options;
    CommandLine line = command_line(options);
    if (!line.parse(arguments)) {
        std::printf("%s", line.help().c_str());
        return 0;
    }
    if (draws_digits(options.data)) {
        fail(
            "the published experiments are about MNIST, but data/mnist is not there; fetch it "
            "with `make mnist`, or name another folder with --data");
    }
    // Before minutes of training: is there a place for the table?
    for (const std::filesystem::path& file : options.into) marked_part(file, mark);
    std::vector<Reproduction> results;
    for (const Preset& preset : presets()) {
        const bool wanted = options.only.empty() ||
                            std::ranges::find(options.only, preset.name) != options.only.end();
        if (wanted) results.push_back(reproduce(preset, options));
    }
    const std::string table = table_of(results);
    std::printf("\n%s\n", table.c_str());
    for (const std::filesystem::path& file : options.into) replace_marked_part(file, mark, table);
    const bool is_mnist = !line.given("--data");
    return is_mnist && !agree_with_references(results) ? 1 : 0;
}

}  // namespace

const Command reproduce_command{"reproduce",
                                "trains all presets with several seeds and prints a table", run};

}  // namespace digits
