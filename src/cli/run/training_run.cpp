#include "cli/run/training_run.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <limits>
#include <map>

#include "cli/run/interrupt.h"
#include "cli/run/progress.h"
#include "cli/run/transposition_hint.h"
#include "cli/shell_command.h"
#include "cli/terminal.h"
#include "report/report.h"
#include "report/summary.h"
#include "training/checkpoint.h"
#include "training/model_file.h"
#include "util/parallel.h"
#include "util/sizes.h"
#include "util/stopwatch.h"
#include "util/text.h"

namespace digits {

namespace {

// Moves the share `options.validation` of the training images out of `data.train` and returns it as
// the validation set.
Dataset hold_out(TrainTest& data, const TrainOptions& options) {
    const std::size_t kept = split_count(data.train.size(), 1.0 - options.validation);
    if (kept == 0 || kept == data.train.size()) {
        throw UsageError(str_cat("--validation ", options.validation, " of ", data.train.size(),
                                 " training images leaves none to ",
                                 kept == 0 ? "train on" : "validate with"));
    }
    Random random = random_stream(options.seed, RandomStream::validation);
    TrainTest parts = split(data.train, 1.0 - options.validation, random);
    data.train = std::move(parts.train);
    return std::move(parts.test);
}

void print_plan(const TrainOptions& options, const TrainTest& data, const Dataset* validation,
                const TrainingState& state) {
    if (options.data.folder.empty() && draws_digits(options.data)) {
        std::printf(
            "No data/mnist (`make mnist` fetches it): training on digits the program draws.\n\n");
    }
    const TrainerSettings& trainer = options.trainer;
    const auto optimizer = static_cast<std::size_t>(trainer.optimizer.kind);
    const std::string validation_count =
        validation ? str_cat(with_commas(validation->size()), " validation, ") : "";
    const std::size_t done = state.history.steps.size();
    const std::string resumed =
        done > 0 ? str_cat("          resumed after step ", done, "\n") : "";
    // Lines of at most 80 characters, the continued ones indented like the first.
    const auto row = [](const char* label, const std::string& words) {
        std::string lines = label;
        lines.resize(10, ' ');
        append_wrapped(lines, 10, words, 10);
        return lines;
    };
    const std::string plan = str_cat(
        "data      ", shown_name(data.train.name), "\n",
        row("", str_cat(with_commas(data.train.size()), " training, ", validation_count,
                        with_commas(data.test.size()), " test images")),
        row("", str_cat("of ", data.train.rows, " x ", data.train.columns, " in ",
                        data.train.classes, " classes")),
        row("network", str_cat(describe(state.network, trainer.preprocessing), ", ",
                               with_commas(parameter_count(state.network)), " parameters")),
        row("training", str_cat(optimizer_names[optimizer], ", learning rate ",
                                trainer.schedule.learning_rate, ", batches of ", trainer.batch_size,
                                ", label smoothing ", trainer.loss.label_smoothing)),
        "          seed ", options.seed, ", ", thread_count(),
        thread_count() == 1 ? " thread" : " threads", "\n", resumed, "\n");
    std::printf("%s", plan.c_str());
    std::fflush(stdout);
}

// The network, and the checkpoints: without space for them, a training would be in vain. Without
// the history of more than a million steps: a training of which nobody knows when it will end does
// not demand space for the longest possible one.
std::uintmax_t bytes_needed(const TrainingState& state, const TrainOptions& options,
                            std::size_t steps) {
    const std::size_t known_steps = std::min<std::size_t>(steps, 1'000'000);
    std::uintmax_t bytes = model_size(state.network);
    // A new checkpoint is written before the one it replaces is removed.
    if (options.checkpoint_every > 0) bytes += 2 * checkpoint_size(state, known_steps);
    return bytes;
}

void print_result(const RunResult& result, const Dataset& test, const TrainOptions& options,
                  ImageStyle style, bool is_complete) {
    const std::size_t width = terminal_width();
    if (options.trainer.patience > 0 &&
        result.history.epochs.size() - result.history.best_epoch >= options.trainer.patience) {
        std::printf("stopped early: no better validation in %zu epoch%s\n",
                    options.trainer.patience, options.trainer.patience == 1 ? "" : "s");
    }
    std::printf("\nThe weights of epoch %zu on the %s test images of %s:\n\n%s",
                result.history.best_epoch, with_commas(test.size()).c_str(),
                shown_name(test.name).c_str(),
                in_output_encoding(scores_text(result.test, width, test.class_names)).c_str());
    const std::string mistakes = mistakes_text(result.test, test, style, width, test.class_names);
    if (!mistakes.empty()) std::printf("\nThe worst mistakes:\n\n%s", mistakes.c_str());
    const std::string loss = loss_text(result.history, style, width);
    if (!loss.empty()) std::printf("\n%s", loss.c_str());
    std::printf("\n%s in all", duration(result.seconds).c_str());
    if (is_complete) {
        std::printf(
            "; report.html, model.safetensors, metrics.json, history.csv and\nsteps.csv are in %s",
            shown_name(options.out.string()).c_str());
    }
    std::printf("\n");
    std::fflush(stdout);  // before messages about files that could not be written
}

struct RunTimes {
    Stopwatch stopwatch{};            // from the start of the program on
    double earlier_seconds = 0.0;     // in the parts of this training before it was resumed
    double first_step_seconds = 0.0;  // when the first step was done

    double seconds() const { return earlier_seconds + stopwatch.seconds(); }
};

// The trained network with the metadata that its users need.
Model model_of(const Network& network, const TrainOptions& options, const TrainTest& data) {
    Model model{network,
                data.train.rows,
                data.train.columns,
                {},
                {},
                options.trainer.preprocessing,
                options.data.transpose,
                measure_layout(data.train)};
    for (std::size_t i = 0; i < network.outputs(); ++i) {
        model.class_names.push_back(data.train.class_name(i));
    }
    model.notes = {{"dataset", data.train.name},
                   {"test_dataset", data.test.name},
                   {"seed", std::to_string(options.seed)},
                   {"settings", settings_json(options).to_line()}};
    return model;
}

// Trains; when the training diverges, writes its history first. Returns whether it is finished.
bool train_or_explain(TrainingState& state, const TrainingData& data, const TrainOptions& options,
                      const Observer& observer) {
    try {
        return train(state, data.training, data.validation, options.trainer, observer);
    } catch (const Diverged& error) {
        // The history shows how the training diverged.
        remove_results(options.out);
        write_history(options.out, error.history());
        fail(error.what(), " (all steps are in ", (options.out / "steps.csv").string(), ")");
    }
}

// The same with checkpoints, at the interval of the options and when a signal arrives.
void train_with_checkpoints(TrainingState& state, const TrainingData& data,
                            const TrainOptions& options, const RunOrigin& origin, RunFolder& folder,
                            const InterruptWatch& interrupt, const RunTimes& times,
                            Observer observer) {
    std::map<std::string, std::string> notes;  // filled on first use: hashing takes a while
    const auto save = [&](const std::filesystem::path& path) {
        if (notes.empty()) notes = checkpoint_notes(origin.arguments, options, data);
        note_seconds(notes, times.seconds());
        write_checkpoint(path, state, notes);
    };
    observer.on_epoch = [&, shown = observer.on_epoch](const EpochRecord& record) {
        if (shown) shown(record);
        if (options.checkpoint_every == 0 || record.epoch % options.checkpoint_every != 0) return;
        try {
            std::filesystem::create_directories(options.out);
            save(checkpoint_path(options.out));
        } catch (const std::runtime_error& failed) {
            std::fprintf(stderr, "digits: warning: %s The training continues.\n",
                         printable(failed.what()).c_str());
        }
    };
    observer.should_stop = [&] { return interrupt.signal() != 0; };
    if (train_or_explain(state, data, options, observer)) return;
    folder.save(checkpoint_path("").string(), save);
    folder.attempt([&] {
        remove_results(options.out);
        write_history(options.out, state.history);
    });
    const std::string stopped = str_cat("stopped after step ", state.history.steps.size(), "; ");
    try {
        folder.end();
    } catch (const std::runtime_error& failed) {
        throw Interrupted(stopped + failed.what(), interrupt.signal());
    }
    throw Interrupted(
        str_cat(stopped, "to resume: ", shell_command({"train", "--resume", options.out.string()})),
        interrupt.signal());
}

// Evaluates the trained network and writes the files of the run, the network first: nothing that
// happens afterwards can cost it.
RunResult evaluate_and_save(TrainingState& state, Model& model, const RunData& loaded,
                            const TrainOptions& options, RunFolder& folder, const RunTimes& times) {
    const TrainTest& data = loaded.images;
    const Preprocessing& preprocessing = options.trainer.preprocessing;
    const std::string hash = weights_hash(state.network);
    remove_results(options.out);
    folder.keep_previous_model(hash);
    folder.save(model_path("").string(),
                [&](const std::filesystem::path& path) { write_model(path, model); });

    History& history = state.history;
    // The network has the weights of the best epoch, after which this was measured.
    const std::optional<double> validation_accuracy =
        history.epochs[history.best_epoch - 1].validation_accuracy;
    RunResult result{
        .dataset = data.train.name,
        .test_dataset = data.test.name,
        .network = describe(state.network, preprocessing),
        .seed = options.seed,
        .settings = settings_json(options),
        .parameters = parameter_count(state.network),
        .weights_hash = hash,
        .history = std::move(history),
        .train_accuracy = evaluate(state.network, data.train, preprocessing).accuracy(),
        .validation_accuracy = validation_accuracy,
        .test = evaluate(state.network, data.test, preprocessing),
        .first_step_seconds = times.first_step_seconds,
        .seconds = times.seconds(),
    };
    if (options.finish) result.settings.set("finish", true);  // so it is not as long as they say
    result.data_hashes = data_hashes(loaded.parts());  // after the time was taken: it takes a while
    model.notes["test_accuracy"] = Json(result.test.accuracy()).to_line();
    model.notes["test_log_loss"] = Json(result.test.log_loss).to_line();
    if (folder.is_complete()) {
        folder.attempt([&] {
            try {
                write_model(model_path(options.out), model);
            } catch (const std::runtime_error& failed) {
                fail("The network is safe in ", model_path(options.out).string(),
                     ", but without its test accuracy: ", failed.what());
            }
        });
    }
    folder.attempt([&] { write_history(options.out, result.history); });
    folder.attempt([&] { write_report(options.out, result, model, data.test); });
    folder.attempt([&] { write_metrics(options.out, result); });
    return result;
}

}  // namespace

RunData load_run_data(const TrainOptions& options) {
    Random random = random_stream(options.seed, RandomStream::split);
    RunData data{load_images(options.data, random)};
    if (options.validation > 0.0) data.validation = hold_out(data.images, options);
    return data;
}

std::size_t steps_of(const TrainOptions& options, std::size_t examples) {
    const TrainerSettings& trainer = options.trainer;
    const std::size_t batches = ceil_div(examples, trainer.batch_size);
    if (trainer.steps == 0 && trainer.epochs > std::numeric_limits<std::size_t>::max() / batches) {
        throw UsageError(str_cat("--epochs ", trainer.epochs, " of ", batches,
                                 " steps each are more steps than can be counted"));
    }
    const std::size_t steps = total_steps(trainer, examples);
    if (trainer.schedule.warmup_steps >= steps) {
        throw UsageError(str_cat("--warmup ", trainer.schedule.warmup_steps,
                                 " is as long as the whole training, which has ", steps, " steps"));
    }
    return steps;
}

RunResult run_training(const TrainOptions& options, const RunOrigin* origin) {
    RunTimes times;
    set_thread_count(options.threads);

    const RunData loaded = load_run_data(options);
    const TrainingData parts = loaded.parts();
    const TrainTest& data = loaded.images;
    Random weights_random = random_stream(options.seed, RandomStream::weights);
    Network untrained =
        build_network(data.train.inputs(), data.train.classes, options.network, weights_random);
    const std::size_t steps = steps_of(options, data.train.size());
    TrainingState state = start_training(std::move(untrained), data.train.size(), options.trainer,
                                         random_stream(options.seed, RandomStream::training));
    if (origin && origin->checkpoint) {
        require_same_data(*origin->checkpoint, parts);
        read_checkpoint(*origin->checkpoint, state);
        times.earlier_seconds = seconds_before(*origin->checkpoint, state.history);
    }
    RunFolder folder = origin && origin->checkpoint
                           ? RunFolder(options.out)
                           : new_run_folder(options.out, options.overwrite);
    folder.require_space(bytes_needed(state, options, steps));

    const ImageStyle style = output_style();
    Progress progress(options.trainer, data.train.size(), can_redraw(), style == ImageStyle::color);
    if (!options.quiet) print_plan(options, data, parts.validation, state);

    Observer observer = options.quiet ? Observer{} : progress.observer();
    observer.on_step = [&, shown = observer.on_step](const StepRecord& record) {
        if (times.first_step_seconds == 0.0) {
            times.first_step_seconds = times.stopwatch.seconds();
        }
        if (shown) shown(record);
    };
    std::optional<InterruptWatch> interrupt;  // until the last file is written
    if (options.finish) {
        interrupt.emplace();
        finish_training(state, parts.training, parts.validation, options.trainer, observer);
    } else if (origin) {
        interrupt.emplace();
        train_with_checkpoints(state, parts, options, *origin, folder, *interrupt, times, observer);
    } else {
        train_or_explain(state, parts, options, observer);
    }
    Model model = model_of(state.network, options, data);
    RunResult result = evaluate_and_save(state, model, loaded, options, folder, times);
    // Of what could not be written, the screen shows at least the result.
    if (!options.quiet) {
        print_result(result, data.test, options, style, folder.is_complete());
        const Model* const ensemble[] = {&model};
        std::printf("%s", transposition_hint(ensemble, data.test, result.test.accuracy()).c_str());
    }
    folder.end();
    std::filesystem::remove(checkpoint_path(options.out));
    if (interrupt && interrupt->signal() != 0) {
        throw Interrupted(str_cat("stopped; the training in ", options.out.string(),
                                  " had ended, and all its files are written"),
                          interrupt->signal());
    }
    return result;
}

}  // namespace digits
