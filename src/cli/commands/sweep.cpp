// `digits sweep`: grid search over settings. Validation accuracy selects; only the winner is
// tested.
#include <algorithm>
#include <cstdio>

#include "cli/commands/commands.h"
#include "cli/run/finished_run.h"
#include "cli/run/training_run.h"
#include "cli/shell_command.h"
#include "cli/sweep/sweep_report.h"
#include "cli/terminal.h"
#include "util/hash.h"
#include "util/parallel.h"
#include "util/stopwatch.h"
#include "util/text.h"
#include "util/version.h"

namespace digits {
namespace {

CommandLine command_line(std::filesystem::path& out) {
    CommandLine line(
        "sweep", std::string(sweep_command.summary),
        "Every option of digits train may have several values here: digits sweep --hidden 256,256 "
        "512,512 --batch-size 100 500 --learning-rate 0.03 0.1 trains all 8 combinations. The "
        "validation accuracy selects the best of them; the test images are used only once, for "
        "this winner. After an interruption, the same command resumes: a combination that has a "
        "row in DIR/cells.csv (and its history in DIR/1, DIR/2 ...) is finished and is not "
        "trained again, not even by a later sweep, as long as the images, the settings and the "
        "version of the program are the same. DIR/loss.svg plots the loss of all "
        "combinations; DIR/winner is a run of digits train. To start over, delete DIR.");
    line.add(path_option("--out", "DIR", "folder for the results", out));
    line.add({"--OPTION", "VALUE ...", "any option of digits train, with the values to try",
              "as in digits train", [](const std::string&) {}});
    return line;
}

// Parses and checks the options of one cell as `digits train` does.
Trial trial_of(const SweepCell& cell) {
    Trial trial{cell, {}};
    CommandLine line = train_command_line(trial.options);
    parse_train_options(line, cell.words, trial.options);
    if (trial.options.validation == 0.0) {
        throw UsageError(
            "digits sweep selects by validation accuracy: --validation must be above 0");
    }
    trial.options.quiet = true;
    return trial;
}

std::vector<Trial> trials_of(const std::vector<SweepAxis>& axes) {
    for (const auto& [option, values] : axes) {
        if (option == "--quiet" || option == "--open")
            throw UsageError("digits sweep does not take " + option);
        if (option == "--resume" || option == "--checkpoint-every") {
            throw UsageError(str_cat("digits sweep does not take ", option,
                                     ": after an interruption, the same command resumes, and "
                                     "trains what has no row in cells.csv"));
        }
        if (option == "--seed" && values.size() > 1) {
            throw UsageError(
                "digits sweep takes one --seed: selecting the best of several would be selecting "
                "by luck");
        }
    }
    std::vector<Trial> trials;
    for (const SweepCell& cell : sweep_cells(axes)) trials.push_back(trial_of(cell));
    return trials;
}

// The data of a cell; loaded only if it differs from that of the previous cell.
class SweepData {
public:
    void load(const TrainOptions& options) {
        const Source source{options.data, options.validation, options.seed};
        if (source == source_) return;
        data_ = load_run_data(options);
        hashes_ = data_hashes(data_.parts()).to_line();
        source_ = source;
    }
    TrainingData parts() const { return data_.parts(); }
    const std::string& hashes() const { return hashes_; }

private:
    struct Source {
        DataSource data;
        double validation = 0.0;
        std::uint64_t seed = 0;

        bool operator==(const Source&) const = default;
    };
    Source source_;  // initially without validation, so that it equals that of no cell
    RunData data_;
    std::string hashes_;
};

// Identifies a training and its result: equal keys mean the same images, settings and version of
// the program. The words are part of it as well, so that --threads 1 2 compares two trainings.
std::string key_of(const Trial& trial, const SweepData& data) {
    std::string all = str_cat(version, "\n", data.hashes(), "\n",
                              settings_json(trial.options).to_line(), "\n", trial.options.seed);
    for (const std::string& word : trial.cell.words) all += "\n" + word;
    Hash hash;
    for (const char c : all) hash.add(static_cast<std::uint8_t>(c));
    return hash.to_text();
}

std::string command_of(const SweepCell& cell) {
    std::vector<std::string> words{"train"};
    words.insert(words.end(), cell.words.begin(), cell.words.end());
    return shell_command(words);
}

// The words of the cell as they must be typed, for people who read cells.csv.
std::string typed(const SweepCell& cell) {
    std::string settings;
    for (const std::string& word : cell.words)
        settings += str_cat(settings.empty() ? "" : " ", shell_word(word));
    return printable(settings);
}

// Trains as `digits train` does, but without the test, whose images are unused. Writes the history
// to `folder`.
SweepResult train_cell(const TrainOptions& options, const SweepData& data,
                       const std::filesystem::path& folder) {
    const Stopwatch stopwatch;
    set_thread_count(options.threads);
    Random weights_random = random_stream(options.seed, RandomStream::weights);
    const auto [training, validation, test] = data.parts();
    Network network =
        build_network(training.inputs(), training.classes, options.network, weights_random);
    Random random = random_stream(options.seed, RandomStream::training);
    const RunFolder locked(folder);
    SweepResult result;
    try {
        const History history = train(network, training, validation, options.trainer, random);
        const EpochRecord& best = history.epochs[history.best_epoch - 1];
        result.validation_accuracy = best.validation_accuracy;
        result.validation_loss = best.validation_loss;
        result.best_epoch = history.best_epoch;
        write_history(folder, history);
    } catch (const Diverged& error) {
        write_history(folder, error.history());
    }
    result.seconds = stopwatch.seconds();
    return result;
}

int run(std::span<const std::string> arguments) {
    std::filesystem::path out = "runs/sweep";
    CommandLine line = command_line(out);
    if (std::ranges::any_of(arguments, [](auto& a) { return a == "--help" || a == "-h"; })) {
        std::printf("%s", line.help().c_str());
        return 0;
    }
    std::vector<SweepAxis> axes = parse_sweep(arguments);
    const auto out_axis = std::ranges::find(axes, "--out", &SweepAxis::option);
    if (out_axis != axes.end()) {
        if (out_axis->values.size() != 1 || out_axis->values[0].empty())
            throw UsageError("--out takes the name of one folder");
        out = out_axis->values[0];
        axes.erase(out_axis);
    }
    std::vector<Trial> trials = trials_of(axes);
    const RunFolder locked(out);
    std::vector<SweepResult> results = read_results(out);
    std::printf("%zu combinations, chosen by validation; results in %s\n\n", trials.size(),
                printable(out.string()).c_str());

    SweepData data;
    // Settings that do not suit the data are found now, not in the middle of the night.
    for (Trial& trial : trials) {
        data.load(trial.options);
        steps_of(trial.options, data.parts().training.size());
        trial.key = key_of(trial, data);
    }
    SweepProgress progress(trials);
    for (Trial& trial : trials) {
        const auto found = std::ranges::find(results, trial.key, &SweepResult::key);
        if (found != results.end() && has_losses(out, found->number)) {
            trial.result = *found;
        } else {
            if (found != results.end()) results.erase(found);
            data.load(trial.options);
            trial.key = key_of(trial, data);  // the images may have changed since the first look
            const std::size_t number = next_number(results);
            SweepResult result = train_cell(trial.options, data, out / str_cat(number));
            result.number = number;
            result.key = trial.key;
            result.settings = typed(trial.cell);
            results.push_back(result);
            write_results(out, results);  // last: a cell with a row counts as finished
            trial.result = result;
        }
        progress.show(trial);
    }
    progress.clear();
    write_image(out, trials);

    const Trial& winner = *ranking(trials).front();
    SweepResult& best = *std::ranges::find(results, winner.key, &SweepResult::key);
    if (!best.validation_accuracy)
        fail("sweep: all trainings diverged; this shows why: ", command_of(winner.cell));
    data.load(winner.options);  // the cells may differ in their data
    const double error =
        accuracy_standard_error(*best.validation_accuracy, data.parts().validation->size());
    std::printf("\n%s\nThe standard error of the best accuracy is %.2f percentage points.\n",
                table_of(trials, trials.size()).c_str(), 100.0 * error);
    // The same options give bit-identical weights again; this run is tested as well. A later sweep
    // may have put the run of another winner there.
    TrainOptions options = winner.options;
    options.out = out / "winner";
    const EarlierRun earlier = find_earlier_run(options, data.parts());
    if (earlier.result) {
        best.test_accuracy = earlier.result->test_accuracy;
    } else {
        const RunResult run = run_training(options);
        if (run.data_hashes.to_line() != data.hashes())
            fail("sweep: the images changed while it ran; the same command tries again");
        best.test_accuracy = run.test.accuracy();
    }
    write_results(out, results);
    std::printf(
        "%s", printable(str_cat("The winner has a test accuracy of ", percent(*best.test_accuracy),
                                ": ", command_of(winner.cell), "\n", (out / "loss.svg").string(),
                                " plots all losses, ", options.out.string(), " is its run\n"))
                  .c_str());
    return 0;
}

}  // namespace

const Command sweep_command{"sweep", "trains a grid of settings and tests the best", run};

}  // namespace digits
