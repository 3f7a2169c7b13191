// `digits records`: trains the most accurate presets with several seeds and tabulates their
// accuracy.
#include <cstdio>

#include "cli/commands/commands.h"
#include "cli/commands/suite.h"
#include "cli/run/finished_run.h"
#include "cli/run/interrupt.h"
#include "cli/run/resume.h"
#include "cli/run/training_run.h"
#include "cli/shell_command.h"
#include "cli/terminal.h"
#include "training/ensemble.h"
#include "training/model_file.h"
#include "util/statistics.h"
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
        "What is finished in DIR counts only for the same images, settings and version of the "
        "program; the rest is trained anew. To start over, delete DIR.");
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

std::filesystem::path folder_of(const Preset& preset, std::size_t seed,
                                const RecordsOptions& options) {
    return options.series.out / str_cat(preset.name, "-", seed);
}

// The options of one training, as the words after `digits train` say.
TrainOptions train_options(const Preset& preset, std::size_t seed, const RecordsOptions& options,
                           std::vector<std::string>& words) {
    words = {"--preset", std::string(preset.name), "--seed", str_cat(seed), "--quiet"};
    if (options.epochs > 0) words.insert(words.end(), {"--epochs", str_cat(options.epochs)});
    TrainOptions train;
    CommandLine line = train_command_line(train);
    parse_train_options(line, words, train);
    train.data.folder = options.series.data.folder;
    train.out = folder_of(preset, seed, options);
    return train;
}

// The training that was interrupted in train.out. Its settings must be those of `train`: what it
// was started with counts, and would be published as the result of something else.
ResumedRun interrupted_run(const TrainOptions& train) {
    ResumedRun run = read_resumed_run(train.out, {});
    const std::string list = setting_differences(run.options, train);
    if (!list.empty()) {
        fail(train.out.string(), ": holds an interrupted training with other settings (", list,
             "); to finish that: ", shell_command({"train", "--resume", train.out.string()}),
             "; to start over, delete the folder");
    }
    run.options.data.folder = train.data.folder;
    return run;
}

Score train_with_seed(const Preset& preset, std::size_t seed, const RecordsOptions& options) try {
    std::vector<std::string> words;
    TrainOptions train = train_options(preset, seed, options, words);
    RunOrigin origin{words, {}};
    if (std::filesystem::exists(checkpoint_path(train.out))) {
        ResumedRun resumed = interrupted_run(train);
        origin = {std::move(resumed.arguments), std::move(resumed.checkpoint)};
        train = std::move(resumed.options);
    } else if (train.checkpoint_every > 0) {
        const EarlierRun earlier = find_earlier_run(train, load_run_data(train).parts());
        if (const auto& result = earlier.result)
            return {100.0 * result->test_accuracy, result->seconds};
        if (!earlier.difference.empty()) {
            std::printf("%s", printable(str_cat(train.out.string(), ": trained anew, because ",
                                                earlier.difference, "\n"))
                                  .c_str());
            std::fflush(stdout);
        }
    }
    const RunResult run = run_training(train, &origin);
    return {100.0 * run.test.accuracy(), run.seconds};
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

// What the commands in the table need besides the preset to repeat what was measured.
std::string common_words(const RecordsOptions& options) {
    std::string words;
    if (!options.series.data.folder.empty())
        words += " --data " + shell_word(options.series.data.folder.string());
    return words;
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
        duration(mean(members.seconds)), " | `digits evaluate ",
        shell_word(options.series.out.string()), "/{strong-[1-", seeds_of(strong), "],ensemble-[1-",
        seeds_of(preset), "]}/model.safetensors", common_words(options), "` |\n");
}

std::string row(const Preset& preset, const RecordsOptions& options) {
    if (preset.name == ensemble_preset) return ensemble_row(preset, options);
    Record record;
    train_all(preset, options, record);
    const std::string epochs = options.epochs > 0 ? str_cat(" --epochs ", options.epochs) : "";
    return str_cat("| `", preset.name, "` | ", preset.teaches, " Mean of ", seeds_of(preset),
                   " seeds. | ", mean_cell(record.accuracies), " | ",
                   duration(mean(record.seconds)), " | `digits train --preset ", preset.name,
                   epochs, common_words(options), "` |\n");
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
