// `digits sweep`: tries a grid of settings; the validation chooses, and only the winner is tested.
#include <algorithm>
#include <cstdio>

#include "cli/commands/commands.h"
#include "cli/run/training_run.h"
#include "cli/sweep/sweep_report.h"
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
        "accuracy on the validation images chooses among them; the test images are looked at "
        "once, for the winner. Interrupted, it goes on where it was: a combination is finished "
        "when it has its row in DIR/cells.csv (with its history in DIR/1, DIR/2 ...), and is not "
        "trained again, also when a later sweep asks for it. DIR/loss.svg shows the loss of all "
        "of them, DIR/winner is a run of digits train. To begin anew, delete DIR.");
    line.add(path_option("--out", "DIR", "folder for all of that", out));
    line.add({"--OPTION", "VALUE ...", "any option of digits train, and the values to try",
              "as in digits train", [](const std::string&) {}});
    return line;
}

// The options of one cell, checked as digits train checks them.
Trial trial_of(const SweepCell& cell) {
    Trial trial{cell, {}};
    CommandLine line = train_command_line(trial.options);
    parse_train_options(line, cell.words, trial.options);
    if (trial.options.validation == 0.0) {
        throw UsageError(
            "digits sweep chooses by the validation accuracy: --validation must be above 0");
    }
    trial.options.quiet = true;
    return trial;
}

std::vector<Trial> trials_of(const std::vector<SweepAxis>& axes) {
    for (const auto& [option, values] : axes) {
        if (option == "--quiet" || option == "--open")
            throw UsageError(option + " has no meaning for digits sweep");
        if (option == "--seed" && values.size() > 1) {
            throw UsageError("to choose among seeds would be to choose by luck: give one --seed");
        }
    }
    std::vector<Trial> trials;
    for (const SweepCell& cell : sweep_cells(axes)) trials.push_back(trial_of(cell));
    return trials;
}

// Loads what the cell asks for, unless the cell before asked for the same.
class Images {
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
    DataKey key_;  // at first for no validation, which no cell asks for
    TrainTest data_;
    Dataset validation_;
};

// As digits train does it, but for the test. Leaves the history in `folder`.
SweepResult train_cell(const TrainOptions& options, const Images& images,
                       const std::filesystem::path& folder) {
    const Stopwatch stopwatch;
    set_thread_count(options.threads);
    Random weights_random = random_stream(options.seed, RandomStream::weights);
    Network network = build_network(images.training().inputs(), images.training().classes,
                                    options.network, weights_random);
    Random random = random_stream(options.seed, RandomStream::training);
    prepare_run_folder(folder);
    SweepResult result;
    try {
        const History history =
            train(network, images.training(), &images.validation(), options.trainer, random);
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

    Images images;
    SweepProgress progress(trials);
    for (Trial& trial : trials) {
        images.load(trial.options);
        trial.key = str_cat(images.training().name, " (", images.training().size(), ")");
        for (const std::string& word : trial.cell.words) trial.key += " " + word;
        const auto found = std::ranges::find(results, trial.key, &SweepResult::key);
        if (found != results.end()) {
            trial.result = *found;
        } else {
            const std::size_t number = results.empty() ? 1 : results.back().number + 1;
            SweepResult result = train_cell(trial.options, images, out / str_cat(number));
            result.number = number;
            result.key = trial.key;
            results.push_back(result);
            write_results(out, results);  // the last thing: from now on it is finished
            trial.result = result;
        }
        progress.show(trial);
    }
    progress.clear();
    write_image(out, trials);

    const Trial& winner = *ranking(trials).front();
    SweepResult& best = *std::ranges::find(results, winner.key, &SweepResult::key);
    if (!best.validation_accuracy) fail("all trainings diverged: try smaller learning rates");
    const double error =
        accuracy_standard_error(*best.validation_accuracy, images.validation().size());
    std::printf("\n%s\nBy chance alone, each accuracy is uncertain by %.2f points.\n",
                table_of(trials, trials.size()).c_str(), 100.0 * error);
    if (!best.test_accuracy) {
        // The same options give the same bits once more, and this time the test.
        TrainOptions options = winner.options;
        options.out = out / "winner";
        best.test_accuracy = run_training(options).test.accuracy();
        write_results(out, results);
    }
    std::printf("The winner reads %s of the test images: digits train",
                percent(*best.test_accuracy).c_str());
    for (const std::string& word : winner.cell.words) std::printf(" %s", word.c_str());
    std::printf("\n%s shows all losses, %s is its run\n", (out / "loss.svg").string().c_str(),
                (out / "winner").string().c_str());
    return 0;
}

}  // namespace

const Command sweep_command{"sweep", "tries a grid of settings and tests the best", run};

}  // namespace digits
