#include "cli/options/train_options.h"

#include <limits>

#include "cli/options/presets.h"
#include "util/parallel.h"

namespace digits {
namespace {

constexpr double no_limit = std::numeric_limits<double>::infinity();

void add_training_options(CommandLine& line, TrainOptions& options) {
    TrainerSettings& trainer = options.trainer;
    line.section("training");
    line.add(choice_option("--optimizer", "rule that turns gradients into steps",
                           trainer.optimizer.kind, optimizer_names));
    Option rate = real_option("--learning-rate", "F", "size of the steps, at its highest",
                              trainer.schedule.learning_rate, 0.0, no_limit, Interval::open);
    rate.otherwise = "0.1 for sgd, momentum and nesterov, 0.001 for the others";
    line.add(std::move(rate));
    line.add(real_option("--momentum", "F", "of momentum and nesterov", trainer.optimizer.momentum,
                         0.0, 1.0, Interval::right_open));
    line.add(real_option("--weight-decay", "F", "pull of the weights towards zero",
                         trainer.optimizer.weight_decay, 0.0, no_limit, Interval::closed));
    line.add(choice_option("--schedule", "course of the learning rate", trainer.schedule.kind,
                           schedule_names));
    line.add(whole_option("--warmup", "N", "steps in which the learning rate first rises",
                          trainer.schedule.warmup_steps));
    line.add(real_option("--label-smoothing", "F", "share of each target spread over all classes",
                         trainer.loss.label_smoothing, 0.0, 1.0, Interval::right_open));
    line.add(choice_option("--loss-reduction", "what of the losses of a batch is minimised",
                           trainer.loss.reduction, reduction_names));
    line.add(whole_option("--batch-size", "N", "images in one step", trainer.batch_size, 1));
    line.add(whole_option("--epochs", "N", "passes over the training images", trainer.epochs, 1));
    Option steps =
        whole_option("--steps", "N", "train for so many steps instead", trainer.steps, 1);
    steps.otherwise.clear();
    line.add(std::move(steps));
    Option average = real_option(
        "--average", "F",
        "validate and keep a running mean of the weights, which forgets 1 - F in each step",
        trainer.average, 0.0, 1.0, Interval::right_open);
    line.add(std::move(average));
    Option patience = whole_option("--patience", "N",
                                   "stop after so many epochs without a better validation accuracy",
                                   trainer.patience, 1);
    patience.otherwise = "never";
    line.add(std::move(patience));
}

}  // namespace

double default_learning_rate(OptimizerKind kind) {
    switch (kind) {
        case OptimizerKind::sgd:
        case OptimizerKind::momentum:
        case OptimizerKind::nesterov:
            return 0.1;
        case OptimizerKind::rmsprop:
        case OptimizerKind::adam:
        case OptimizerKind::adamw:
            break;
    }
    return 0.001;
}

void add_augment_options(CommandLine& line, AugmentSettings& settings) {
    line.add(choice_option("--augment", "distort the training images, anew each time",
                           settings.kind, augmentation_names));
    line.add(real_option("--augment-strength", "F", "how much; 0 is not at all", settings.strength,
                         0.0, 4.0, Interval::closed));
}

void add_network_options(CommandLine& line, NetworkSettings& settings) {
    line.section("network");
    line.add(
        list_option("--hidden", "N,N,...", "units of each hidden layer, or none", settings.hidden));
    line.add(choice_option("--activation", "after each hidden layer", settings.activation,
                           activation_names));
    line.add(choice_option("--initializer", "random weights to start from",
                           settings.initializer.kind, initializer_names));
    line.add(real_option("--deviation", "F", "of the initializer normal",
                         settings.initializer.deviation, 0.0, no_limit, Interval::open));
    line.add(real_option("--dropout", "F", "share of the hidden units silenced in each step",
                         settings.dropout, 0.0, 1.0, Interval::right_open));
    line.add(real_option("--input-dropout", "F", "share of the pixels silenced in each step",
                         settings.input_dropout, 0.0, 1.0, Interval::right_open));
    line.add(switch_option("--deskew", "straighten each image first, by the slant of its ink",
                           settings.deskew));
}

Network untrained_network(NetworkSettings settings, const Dataset& images, Random& random) {
    settings.image_rows = images.rows;
    return build_network(images.inputs(), images.classes, settings, random);
}

CommandLine train_command_line(TrainOptions& options) {
    CommandLine line(
        "train", std::string(train_summary),
        "Without options it trains 784-256-128-10 on MNIST, if `make mnist` has put it "
        "in data/mnist, or else on digits that the program draws itself.");
    line.section("experiments");
    Option preset{"--preset", "NAME",
                  "the settings of a published experiment, see digits presets; any other option "
                  "overrides it, wherever it stands",
                  "",
                  [&options](const std::string& name) { options.preset = find_preset(name).name; }};
    line.add(std::move(preset));
    line.section("data");
    add_data_option(line, options.data);
    add_test_options(line, options.data);
    line.add(real_option("--validation", "F",
                         "share of the training images held out, to choose the best epoch by",
                         options.validation, 0.0, 1.0, Interval::right_open));
    add_augment_options(line, options.trainer.augment);
    add_network_options(line, options.network);
    add_training_options(line, options);
    line.section("running");
    line.add(seed_option("--seed", "of all chance: same seed, same result", options.seed));
    Option threads = whole_option(
        "--threads", "N", "threads to compute with; the result is the same", options.threads, 1);
    threads.otherwise = "one for each core";
    line.add(std::move(threads));
    line.add(path_option(
        "--out", "DIR",
        "folder for report.html, its images, the network, metrics.json, history.csv and "
        "steps.csv",
        options.out));
    Option checkpoint = whole_option("--checkpoint-every", "N",
                                     "write a checkpoint after so many epochs, to resume from",
                                     options.checkpoint_every, 1);
    checkpoint.otherwise = "only when interrupted, by Ctrl-C or SIGTERM";
    line.add(std::move(checkpoint));
    Option resume = path_option("--resume", "DIR",
                                "go on with the interrupted training in DIR, with its settings",
                                options.resume);
    resume.implied = options.out.string();
    resume.help += str_cat("; without DIR, in ", resume.implied);
    line.add(std::move(resume));
    line.add(switch_option("--open", "show report.html in the browser at the end", options.open));
    line.add(switch_option("--quiet", "print nothing but errors", options.quiet));
    return line;
}

bool parse_train_options(CommandLine& line, std::span<const std::string> arguments,
                         TrainOptions& options) {
    if (!line.parse(arguments)) return false;
    if (!options.preset.empty()) {
        // Over what was typed, and what was typed over it once more: so it wins wherever it stands.
        line.parse(words_of(find_preset(options.preset)));
        line.parse(arguments);
        if (line.given("--epochs") && !line.given("--steps")) options.trainer.steps = 0;
        if (line.given("--test-data") && !line.given("--split")) options.data.split = 0.0;
    }
    check_test_options(options.data);
    const OptimizerKind optimizer = options.trainer.optimizer.kind;
    // The rate of a preset suits its own optimizer only.
    const bool has_rate = !options.preset.empty() && !line.given("--optimizer");
    if (!line.given("--learning-rate") && !has_rate) {
        options.trainer.schedule.learning_rate = default_learning_rate(optimizer);
    }
    if (line.given("--steps") && line.given("--epochs")) {
        throw UsageError("--steps and --epochs exclude each other: both say how long to train");
    }
    if (line.given("--momentum") && optimizer != OptimizerKind::momentum &&
        optimizer != OptimizerKind::nesterov) {
        throw UsageError("--momentum needs --optimizer momentum or nesterov: the others have none");
    }
    if (line.given("--deviation") && options.network.initializer.kind != InitializerKind::normal) {
        throw UsageError("--deviation needs --initializer normal: the others compute theirs");
    }
    if (line.given("--augment-strength") && options.trainer.augment.kind == Augmentation::none) {
        throw UsageError("--augment-strength needs --augment: without it nothing is distorted");
    }
    options.trainer.augment.seed = chance(options.seed, RandomStream::augment).next();
    if (options.trainer.patience > 0 && options.validation == 0.0) {
        throw UsageError("--patience needs images to judge by: --validation must be above 0");
    }
    if (options.threads > most_threads) {
        throw UsageError(
            str_cat("--threads takes at most ", most_threads, ", not ", options.threads));
    }
    return true;
}

}  // namespace digits
