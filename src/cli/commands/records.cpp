// `digits records`: trains the most accurate presets with several seeds and tabulates their
// accuracy.
#include <algorithm>
#include <cstdio>
#include <optional>

#include "cli/commands/commands.h"
#include "cli/commands/suite.h"
#include "cli/run/interrupt.h"
#include "cli/run/resume.h"
#include "cli/run/training_run.h"
#include "formats/json.h"
#include "training/ensemble.h"
#include "training/model_file.h"
#include "util/file.h"
#include "util/statistics.h"
#include "util/stopwatch.h"
#include "util/text.h"

namespace digits {
namespace {

constexpr const char* mark = "results of digits records";
constexpr std::string_view ensemble_preset = "ensemble";

// The short training gets more seeds, because its accuracy varies more from seed to seed.
std::size_t seeds_of(const Preset& preset) {
    if (preset.name == "quick") return 30;
    return preset.name == ensemble_preset ? 2 : 3;
}

struct RecordsOptions {
    SuiteOptions series{.out = "runs/records"};
    std::size_t epochs = 0;  // 0: as many as the preset says
};

CommandLine command_line(RecordsOptions& options) {
    std::vector<std::string> names;
    for (const Preset& preset : record_presets()) names.emplace_back(preset.name);
    CommandLine line(
        "records", std::string(records_command.summary),
        "Trains quick with the seeds 1 to 30, plain and strong with 1 to 3 and ensemble with 1 "
        "and 2, each as digits train --preset NAME --seed N does, and evaluates the networks of "
        "strong and ensemble as one ensemble. This takes half an hour or more. After an "
        "interruption, the same command resumes; only the short trainings of quick are repeated. "
        "To start over, delete DIR.");
    add_suite_options(line, options.series, names, mark);
    Option epochs = setting_option({"epochs",
                                    "train only this many epochs each, for a trial run",
                                    &options.epochs,
                                    {.low = 1}});
    epochs.default_text.clear();
    line.add(std::move(epochs));
    return line;
}

// The result of one training; the accuracy is in percent.
struct Score {
    double accuracy = 0.0, seconds = 0.0;
};

// The result of an earlier call, if it trained with the same settings and was completed.
std::optional<Score> finished(const TrainOptions& train) {
    const std::filesystem::path path = train.out / "metrics.json";
    if (!std::filesystem::exists(path) || std::filesystem::exists(checkpoint_path(train.out))) {
        return {};
    }
    const std::vector<std::uint8_t> bytes = read_file(path);
    const Json metrics = read_json(std::string(bytes.begin(), bytes.end()), path.string());
    const Json* const settings = metrics.find("settings");
    const Json* const accuracy = metrics.find("test_accuracy");
    const Json* const seconds = metrics.find("seconds");
    if (!settings || !accuracy || !accuracy->as_double() || !seconds || !seconds->as_double())
        return {};
    const Json expected = settings_json(train);
    for (const auto& [name, value] : expected.members()) {
        const Json* const found = settings->find(name);
        if (!found || found->to_line() != value.to_line()) return {};
    }
    // For a resumed training, `seconds` counts only the last part; the epochs count all parts.
    double epoch_seconds = 0.0;
    if (const Json* const list = metrics.find("epoch_seconds")) {
        for (const auto& [name, value] : list->members())
            epoch_seconds += value.as_double().value_or(0);
    }
    return Score{100.0 * *accuracy->as_double(), std::max(*seconds->as_double(), epoch_seconds)};
}

std::filesystem::path folder_of(const Preset& preset, std::size_t seed,
                                const RecordsOptions& options) {
    return options.series.out / str_cat(preset.name, "-", seed);
}

Score train_with_seed(const Preset& preset, std::size_t seed, const RecordsOptions& options) try {
    std::vector<std::string> words{"--preset", std::string(preset.name), "--seed", str_cat(seed),
                                   "--quiet"};
    if (options.epochs > 0) words.insert(words.end(), {"--epochs", str_cat(options.epochs)});
    TrainOptions train;
    CommandLine line = train_command_line(train);
    parse_train_options(line, words, train);
    train.data.folder = options.series.data.folder;
    train.out = folder_of(preset, seed, options);
    const bool is_long = train.checkpoint_every > 0;
    if (is_long) {
        if (const std::optional<Score> score = finished(train)) return *score;
    }
    RunOrigin origin{words, {}};
    if (std::filesystem::exists(checkpoint_path(train.out))) {
        ResumedRun resumed = read_resumed_run(train.out, {});
        resumed.options.data.folder = options.series.data.folder;
        origin = {std::move(resumed.arguments), std::move(resumed.checkpoint)};
        train = std::move(resumed.options);
    }
    const Stopwatch stopwatch;
    const RunResult run = run_training(train, &origin);
    double seconds = stopwatch.seconds();
    if (origin.checkpoint) {  // count the time before the interruption, too
        seconds = 0.0;
        for (const EpochRecord& epoch : run.history.epochs) seconds += epoch.seconds;
    }
    return {100.0 * run.test.accuracy(), seconds};
} catch (const Interrupted& interrupted) {
    throw Interrupted(str_cat("stopped at ", preset.name, " with seed ", seed,
                              "; run the same command again to resume"),
                      interrupted.signal());
}

struct Record {
    std::vector<double> accuracies{}, seconds{};
    std::vector<std::filesystem::path> models{};
};

void train_all(const Preset& preset, const RecordsOptions& options, Record& record) {
    for (std::size_t seed = 1; seed <= seeds_of(preset); ++seed) {
        const Score score = train_with_seed(preset, seed, options);
        record.accuracies.push_back(score.accuracy);
        record.seconds.push_back(score.seconds);
        record.models.push_back(model_path(folder_of(preset, seed, options)));
        std::printf("%-9s  seed %2zu  test %6.2f %%  %s\n", std::string(preset.name).c_str(), seed,
                    score.accuracy, duration(score.seconds).c_str());
        std::fflush(stdout);
    }
}

// The test accuracy of an ensemble, in percent.
double ensemble_accuracy(std::span<const std::filesystem::path> models, const DataSource& options) {
    std::vector<Model> ensemble;
    for (const std::filesystem::path& path : models) ensemble.push_back(read_model(path));
    std::vector<const Model*> members;
    for (const Model& model : ensemble) members.push_back(&model);
    return 100.0 * evaluate(members, load_part(options, Part::test)).accuracy();
}

// The ensemble combines two presets, because networks of one preset make much the same mistakes
// whatever their seed.
std::string ensemble_row(const Preset& preset, const RecordsOptions& options) {
    const Preset& strong = find_preset("strong");
    Record members;
    train_all(strong, options, members);
    train_all(preset, options, members);
    const double accuracy = ensemble_accuracy(members.models, options.series.data);
    std::printf("%-9s together test %6.2f %%\n", std::string(preset.name).c_str(), accuracy);
    return str_cat(
        "| `", preset.name, "` | ", preset.teaches, " ", seeds_of(preset), " such networks and ",
        seeds_of(strong), " of `strong`, their probabilities averaged; individually they reach ",
        format_fixed(mean(members.accuracies), 2), " ± ",
        format_fixed(standard_deviation(members.accuracies), 2), ". | **",
        format_fixed(accuracy, 2), "** | ", members.seconds.size(), " × ",
        duration(mean(members.seconds)), " | `digits evaluate runs/records/{strong-[1-",
        seeds_of(strong), "],ensemble-[1-", seeds_of(preset), "]}/model.safetensors` |\n");
}

std::string row(const Preset& preset, const RecordsOptions& options) {
    if (preset.name == ensemble_preset) return ensemble_row(preset, options);
    Record record;
    train_all(preset, options, record);
    return str_cat("| `", preset.name, "` | ", preset.teaches, " Mean of ", seeds_of(preset),
                   " seeds. | ", mean_cell(record.accuracies), " | ",
                   duration(mean(record.seconds)), " | `digits train --preset ", preset.name,
                   "` |\n");
}

int run(std::span<const std::string> arguments) {
    RecordsOptions options;
    CommandLine line = command_line(options);
    if (!line.parse(arguments)) {
        std::printf("%s", line.help().c_str());
        return 0;
    }
    require_ready(options.series, mark);
    std::string table =
        "| record | what it is | test accuracy, % | time | command |\n|---|---|---|---|---|\n";
    for (const Preset& preset : record_presets()) {
        if (!is_wanted(options.series, preset.name)) continue;
        table += row(preset, options);
    }
    write_table(options.series, mark, table);
    return 0;
}

}  // namespace

const Command records_command{"records", "trains the most accurate networks with several seeds",
                              run};

}  // namespace digits
