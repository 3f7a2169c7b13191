// `digits sweep`: grid search over settings. Validation accuracy selects; only the winner is
// tested.
#include <algorithm>
#include <cstdio>

#include "cli/commands/commands.h"
#include "cli/run/training_run.h"
#include "cli/sweep/sweep_report.h"
#include "cli/terminal.h"
#include "util/parallel.h"
#include "util/stopwatch.h"
#include "util/text.h"

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
        "trained again, not even by a later sweep. DIR/loss.svg plots the loss of all "
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
        const DataKey key{options.data.folder, options.data.test_folder, options.data.split,
                          options.validation, options.seed};
        if (key == key_) return;
        Random random = random_stream(options.seed, RandomStream::split);
        data_ = load_data(options.data, random);
        validation_ = hold_out(data_, options);
        key_ = key;
    }
    const Dataset& training() const { return data_.train; }
    const Dataset& validation() const { return validation_; }

private:
    struct DataKey {
        std::filesystem::path folder, test_folder;
        double split = 0.0, validation = 0.0;
        std::uint64_t seed = 0;

        bool operator==(const DataKey&) const = default;
    };
    DataKey key_;  // initially without validation, so that it equals that of no cell
    TrainTest data_;
    Dataset validation_;
};

// Trains as `digits train` does, but without the test. Writes the history to `folder`.
SweepResult train_cell(const TrainOptions& options, const SweepData& data,
                       const std::filesystem::path& folder) {
    const Stopwatch stopwatch;
    set_thread_count(options.threads);
    Random weights_random = random_stream(options.seed, RandomStream::weights);
    Network network = build_network(data.training().inputs(), data.training().classes,
                                    options.network, weights_random);
    Random random = random_stream(options.seed, RandomStream::training);
    prepare_run_folder(folder);
    SweepResult result;
    try {
        const History history =
            train(network, data.training(), &data.validation(), options.trainer, random);
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
        if (out_axis->values.size() != 1) throw UsageError("--out takes one folder");
        out = out_axis->values[0];
        axes.erase(out_axis);
    }
    std::vector<Trial> trials = trials_of(axes);
    prepare_run_folder(out);
    std::vector<SweepResult> results = read_results(out);
    std::printf("%zu combinations, chosen by validation; results in %s\n\n", trials.size(),
                out.string().c_str());

    SweepData data;
    SweepProgress progress(trials);
    for (Trial& trial : trials) {
        data.load(trial.options);
        trial.key = str_cat(data.training().name, " (", data.training().size(), ")");
        for (const std::string& word : trial.cell.words) trial.key += " " + word;
        const auto found = std::ranges::find(results, trial.key, &SweepResult::key);
        if (found != results.end()) {
            trial.result = *found;
        } else {
            const std::size_t number = results.empty() ? 1 : results.back().number + 1;
            SweepResult result = train_cell(trial.options, data, out / str_cat(number));
            result.number = number;
            result.key = trial.key;
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
        fail("sweep: all trainings diverged; try smaller learning rates");
    const double error =
        accuracy_standard_error(*best.validation_accuracy, data.validation().size());
    std::printf("\n%s\nThe standard error of the best accuracy is %.2f percentage points.\n",
                table_of(trials, trials.size()).c_str(), 100.0 * error);
    if (!best.test_accuracy) {
        // The same options give bit-identical weights again; this run is tested as well.
        TrainOptions options = winner.options;
        options.out = out / "winner";
        best.test_accuracy = run_training(options).test.accuracy();
        write_results(out, results);
    }
    std::printf("The winner has a test accuracy of %s: digits train",
                percent(*best.test_accuracy).c_str());
    for (const std::string& word : winner.cell.words) std::printf(" %s", word.c_str());
    std::printf("\n%s plots all losses, %s is its run\n",
                shown_name((out / "loss.svg").string()).c_str(), (out / "winner").string().c_str());
    return 0;
}

}  // namespace

const Command sweep_command{"sweep", "trains a grid of settings and tests the best", run};

}  // namespace digits
