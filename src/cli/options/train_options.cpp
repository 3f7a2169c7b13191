#include "cli/options/train_options.h"

#include "cli/options/presets.h"
#include "util/parallel.h"

namespace digits {
namespace {

// Converts a setting to a JSON value.
struct JsonMaker {
    bool zero_means_none;

    Json operator()(const bool* value) const { return *value; }
    Json operator()(const std::size_t* value) const { return number(*value); }
    Json operator()(const double* value) const { return number(*value); }
    Json operator()(const std::vector<std::size_t>* list) const { return Json::array(*list); }
    Json operator()(const Choice& choice) const {
        return choice.names[choice.get(choice.variable)];
    }
    template <class Number>
    Json number(Number value) const {
        return zero_means_none && value == Number{} ? Json(nullptr) : Json(value);
    }
};

Setting validation_setting(TrainOptions& options) {
    return {"validation",
            "share of the training images to hold out, to select the best epoch",
            &options.validation,
            {0.0, 1.0, Interval::right_open}};
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

void add_setting_options(CommandLine& line, std::span<const Setting> settings) {
    for (const Setting& setting : settings) {
        if (!setting.is_option()) continue;
        Option option = setting_option(setting);
        if (setting.name == "ema_decay") option.old_name = "--average";
        line.add(std::move(option));
    }
}

Json settings_json(const TrainOptions& options) {
    TrainOptions copy = options;
    std::vector<Setting> settings = settings_of(copy.network);
    const std::vector<Setting> training = settings_of(copy.trainer);
    settings.insert(settings.end(), training.begin(), training.end());
    settings.push_back(validation_setting(copy));
    settings.push_back(split_setting(copy.data));
    settings.push_back(settings_of(copy.trainer.preprocessing)[0]);
    Json json = Json::object();
    for (const Setting& setting : settings) {
        // When the number of steps is given, the number of epochs is not used.
        const bool is_unused = setting.name == "epochs" && options.trainer.steps > 0;
        // Written only if true, so that trainings from before this setting existed can be resumed.
        const bool is_omitted = setting.name == "deskew" && !options.trainer.preprocessing.deskew;
        if (!setting.is_option() || is_omitted) continue;
        json.set(setting.name, is_unused
                                   ? Json(nullptr)
                                   : std::visit(JsonMaker{setting.zero_means_none}, setting.value));
    }
    return json;
}

CommandLine train_command_line(TrainOptions& options) {
    CommandLine line("train", std::string(train_summary),
                     "Without options it trains 784-256-128-10 on MNIST if `make mnist` has put it "
                     "in data/mnist, or else on synthetic digits drawn by the program.");
    line.section("experiments");
    Option preset{"--preset", "NAME",
                  "use the settings of a published experiment (see digits presets); other options "
                  "override them, before or after it",
                  "",
                  [&options](const std::string& name) { options.preset = find_preset(name).name; }};
    line.add(std::move(preset));
    line.section("data");
    add_data_option(line, options.data);
    add_test_options(line, options.data);
    line.add(setting_option(validation_setting(options)));
    add_setting_options(line, settings_of(options.trainer.preprocessing));
    line.section("network");
    add_setting_options(line, settings_of(options.network));
    line.section("training");
    add_setting_options(line, settings_of(options.trainer));
    line.section("running");
    line.add(
        seed_option("--seed", "seed of everything random: same seed, same result", options.seed));
    line.add(setting_option({"threads",
                             "number of threads; the result does not depend on it",
                             &options.threads,
                             {.low = 1},
                             "one per core that this process may use"}));
    line.add(path_option(
        "--out", "DIR",
        "folder for report.html, its figures, model.safetensors, metrics.json, history.csv and "
        "steps.csv",
        options.out));
    line.add(setting_option({"checkpoint_every",
                             "write a checkpoint every N epochs, for --resume",
                             &options.checkpoint_every,
                             {.low = 1},
                             "only when interrupted, such as by Ctrl-C"}));
    Option resume =
        path_option("--resume", "DIR", "resume the interrupted training in DIR with its settings",
                    options.resume);
    resume.implicit_value = options.out.string();
    resume.help += str_cat("; without DIR, the one in ", resume.implicit_value);
    line.add(std::move(resume));
    line.add(setting_option({"finish",
                             "with --resume: train no further, but end the training with its best "
                             "weights so far and write its results",
                             &options.finish}));
    line.add(setting_option({"overwrite", "discard the unfinished training in the folder of --out",
                             &options.overwrite}));
    line.add(setting_option({"open", "open report.html in the browser at the end", &options.open}));
    line.add(setting_option({"quiet", "print nothing but errors", &options.quiet}));
    return line;
}

bool parse_train_options(CommandLine& line, std::span<const std::string> arguments,
                         TrainOptions& options) {
    if (!line.parse(arguments)) return false;
    if (!options.preset.empty()) {
        // The preset overrides what was parsed; parsing the arguments again makes them win,
        // wherever
        // --preset stands among them.
        line.parse(words_of(find_preset(options.preset)));
        line.parse(arguments);
        if (line.given("--epochs") && !line.given("--steps")) options.trainer.steps = 0;
        if (line.given("--test-data") && !line.given("--split")) options.data.split = 0.0;
    }
    check_data_options(options.data);
    const OptimizerKind optimizer = options.trainer.optimizer.kind;
    // The learning rate of a preset suits only its own optimizer.
    const bool has_rate = !options.preset.empty() && !line.given("--optimizer");
    if (!line.given("--learning-rate") && !has_rate) {
        options.trainer.schedule.learning_rate = default_learning_rate(optimizer);
    }
    if (line.given("--steps") && line.given("--epochs")) {
        throw UsageError("--steps and --epochs cannot be combined: both say how long to train");
    }
    if (line.given("--momentum") && optimizer != OptimizerKind::momentum &&
        optimizer != OptimizerKind::nesterov) {
        throw UsageError(
            "--momentum needs --optimizer momentum or nesterov: the others do not use it");
    }
    if (line.given("--deviation") && options.network.initializer.kind != InitializerKind::normal) {
        throw UsageError(
            "--deviation needs --initializer normal: the others compute the deviation");
    }
    if (line.given("--augment-strength") && options.trainer.augment.kind == Augmentation::none) {
        throw UsageError("--augment-strength needs --augment: without it nothing is distorted");
    }
    options.trainer.augment.seed = random_stream(options.seed, RandomStream::augment).next();
    if (options.trainer.patience > 0 && options.validation == 0.0) {
        throw UsageError("--patience needs validation images: --validation must be above 0");
    }
    if (options.finish && options.resume.empty()) {
        throw UsageError("--finish needs --resume: it ends a training that was interrupted");
    }
    if (options.overwrite && !options.resume.empty()) {
        throw UsageError("--overwrite and --resume cannot be combined: one discards the training");
    }
    if (options.threads > max_threads) {
        throw UsageError(
            str_cat("--threads takes at most ", max_threads, ", not ", options.threads));
    }
    return true;
}

}  // namespace digits
