#include "cli/run/training_run.h"

#include <cmath>
#include <cstdio>
#include <map>

#include "cli/run/interrupt.h"
#include "cli/run/progress.h"
#include "cli/run/resume.h"
#include "cli/terminal.h"
#include "report/report.h"
#include "report/summary.h"
#include "training/checkpoint.h"
#include "training/model_file.h"
#include "util/parallel.h"
#include "util/stopwatch.h"
#include "util/text.h"

namespace digits {

Dataset hold_out(TrainTest& data, const TrainOptions& options) {
    // Rounded as in split().
    const double examples = static_cast<double>(data.train.size());
    const double kept = std::round((1.0 - options.validation) * examples);
    if (kept < 1.0 || kept >= examples) {
        throw UsageError(str_cat("--validation ", options.validation, " of ", data.train.size(),
                                 " training images leaves none to ",
                                 kept < 1.0 ? "train on" : "validate with"));
    }
    Random random = random_stream(options.seed, RandomStream::validation);
    TrainTest parts = split(data.train, 1.0 - options.validation, random);
    data.train = std::move(parts.train);
    return std::move(parts.test);
}

namespace {

void print_plan(const TrainOptions& options, const TrainTest& data, const Dataset* validation,
                const TrainingState& state) {
    if (options.data.folder.empty() && draws_digits(options.data)) {
        std::printf(
            "No data/mnist (`make mnist` fetches it): training on digits drawn by the "
            "program.\n\n");
    }
    if (options.resume.empty() && std::filesystem::exists(checkpoint_path(options.out))) {
        std::printf(
            "%s holds the checkpoint of an interrupted training, which this one will replace. To "
            "resume that training instead: digits train --resume '%s'\n\n",
            options.out.string().c_str(), options.out.string().c_str());
    }
    const TrainerSettings& trainer = options.trainer;
    const auto optimizer = static_cast<std::size_t>(trainer.optimizer.kind);
    const std::string validation_count =
        validation ? str_cat(with_commas(validation->size()), " validation, ") : "";
    const std::size_t done = state.history.steps.size();
    const std::string resumed =
        done > 0 ? str_cat("          resumed after step ", done, "\n") : "";
    std::printf(
        "%s",
        str_cat("data      ", data.train.name, "\n          ", with_commas(data.train.size()),
                " training, ", validation_count, with_commas(data.test.size()), " test images of ",
                data.train.rows, " x ", data.train.columns, " in ", data.train.classes,
                " classes\n", "network   ", describe(state.network, trainer.preprocessing), ", ",
                with_commas(parameter_count(state.network)), " parameters\n", "training  ",
                optimizer_names[optimizer], ", learning rate ", trainer.schedule.learning_rate,
                ", batches of ", trainer.batch_size, ", label smoothing ",
                trainer.loss.label_smoothing, "\n          seed ", options.seed, ", ",
                thread_count(), thread_count() == 1 ? " thread" : " threads", "\n", resumed, "\n")
            .c_str());
    std::fflush(stdout);
}

void print_result(const RunResult& result, const Dataset& test, const TrainOptions& options,
                  ImageStyle style) {
    const std::size_t width = terminal_width();
    if (options.trainer.patience > 0 &&
        result.history.epochs.size() - result.history.best_epoch >= options.trainer.patience) {
        std::printf("stopped early: no better validation in %zu epoch%s\n",
                    options.trainer.patience, options.trainer.patience == 1 ? "" : "s");
    }
    std::printf("\nThe weights of epoch %zu on the %s test images of %s:\n\n%s",
                result.history.best_epoch, with_commas(test.size()).c_str(), test.name.c_str(),
                scores_text(result.test, width).c_str());
    const std::string mistakes = mistakes_text(result.test, test, style, width);
    if (!mistakes.empty()) std::printf("\nThe worst mistakes:\n\n%s", mistakes.c_str());
    const std::string loss = loss_text(result.history, style, width);
    if (!loss.empty()) std::printf("\n%s", loss.c_str());
    std::printf(
        "\n%s in all; report.html, model.safetensors, metrics.json, history.csv and steps.csv are "
        "in\n%s\n",
        duration(result.seconds).c_str(), options.out.string().c_str());
}

// The trained network with the metadata that its users need.
Model model_of(const Network& network, const RunResult& result, const Preprocessing& preprocessing,
               const Dataset& data) {
    Model model{network, data.rows, data.columns, {}, {}, preprocessing, measure_layout(data)};
    for (std::size_t i = 0; i < network.outputs(); ++i) {
        model.class_names.push_back(std::to_string(i));
    }
    model.notes = {{"dataset", result.dataset},
                   {"test_dataset", result.test_dataset},
                   {"test_accuracy", Json(result.test.accuracy()).to_line()},
                   {"test_log_loss", Json(result.test.log_loss).to_line()},
                   {"seed", std::to_string(result.seed)},
                   {"settings", result.settings.to_line()}};
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
                            const TrainOptions& options, const RunOrigin& origin,
                            Observer observer) {
    std::map<std::string, std::string> notes;  // filled on first use: hashing takes a while
    const auto save = [&] {
        if (notes.empty()) notes = checkpoint_notes(origin.arguments, options, data);
        write_checkpoint(checkpoint_path(options.out), state, notes);
    };
    observer.on_epoch = [&, shown = observer.on_epoch](const EpochRecord& record) {
        if (shown) shown(record);
        if (options.checkpoint_every > 0 && record.epoch % options.checkpoint_every == 0) save();
    };
    const InterruptWatch interrupt;
    observer.should_stop = [&] { return interrupt.signal() != 0; };
    if (train_or_explain(state, data, options, observer)) return;
    save();
    remove_results(options.out);
    write_history(options.out, state.history);
    throw Interrupted(str_cat("stopped after step ", state.history.steps.size(),
                              "; to resume: digits train --resume '", options.out.string(), "'"),
                      interrupt.signal());
}

}  // namespace

RunResult run_training(const TrainOptions& options, const RunOrigin* origin) {
    const Stopwatch stopwatch;
    set_thread_count(options.threads);

    Random split_random = random_stream(options.seed, RandomStream::split);
    TrainTest data = load_data(options.data, split_random);
    Dataset held_out;
    if (options.validation > 0.0) held_out = hold_out(data, options);
    const Dataset* const validation = options.validation > 0.0 ? &held_out : nullptr;
    Random weights_random = random_stream(options.seed, RandomStream::weights);
    Network untrained =
        build_network(data.train.inputs(), data.train.classes, options.network, weights_random);
    const std::size_t steps = total_steps(options.trainer, data.train.size());
    if (options.trainer.schedule.warmup_steps >= steps) {
        throw UsageError(str_cat("--warmup ", options.trainer.schedule.warmup_steps,
                                 " is as long as the whole training, which has ", steps, " steps"));
    }
    const TrainingData parts{data.train, validation, data.test};
    TrainingState state = start_training(std::move(untrained), data.train.size(), options.trainer,
                                         random_stream(options.seed, RandomStream::training));
    if (origin && origin->checkpoint) {
        require_same_data(*origin->checkpoint, parts);
        read_checkpoint(*origin->checkpoint, state);
    }
    // A new checkpoint is written before the previous one is removed, so both need space.
    prepare_run_folder(options.out, options.checkpoint_every > 0 ? 2 * checkpoint_size(state, steps)
                                                                 : model_size(state.network));

    const ImageStyle style = image_style(is_terminal());
    Progress progress(options.trainer, data.train.size(), can_redraw() ? terminal_width() : 0,
                      style == ImageStyle::color);
    if (!options.quiet) print_plan(options, data, validation, state);

    Observer observer = options.quiet ? Observer{} : progress.observer();
    double first_step_seconds = 0.0;
    observer.on_step = [&, shown = observer.on_step](const StepRecord& record) {
        if (first_step_seconds == 0.0) first_step_seconds = stopwatch.seconds();
        if (shown) shown(record);
    };
    std::vector<EpochConfusion> validations;
    observer.on_validation = [&](std::size_t epoch, const Evaluation& evaluation) {
        validations.push_back({epoch, evaluation.confusion});
    };
    if (origin) {
        train_with_checkpoints(state, parts, options, *origin, observer);
    } else {
        train_or_explain(state, parts, options, observer);
    }
    const Preprocessing& preprocessing = options.trainer.preprocessing;
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
        .weights_hash = weights_hash(state.network),
        .history = std::move(history),
        .train_accuracy = evaluate(state.network, data.train, preprocessing).accuracy(),
        .validation_accuracy = validation_accuracy,
        .test = evaluate(state.network, data.test, preprocessing),
        .validations = std::move(validations),
        .first_step_seconds = first_step_seconds,
        .seconds = stopwatch.seconds(),
    };
    const Model model = model_of(state.network, result, preprocessing, data.train);
    write_model(model_path(options.out), model);
    write_history(options.out, result.history);
    write_metrics(options.out, result);
    write_report(options.out, result, model, data.test);
    remove_checkpoint(options.out);
    if (!options.quiet) print_result(result, data.test, options, style);
    return result;
}

}  // namespace digits
