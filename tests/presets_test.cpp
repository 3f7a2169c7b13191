// Presets: their settings, and how other options override them.
#include "cli/options/presets.h"

#include <set>
#include <string>

#include "check.h"
#include "cli/options/train_options.h"
#include "run_program.h"

namespace digits {
namespace {

using testing::check;
using testing::check_contains;
using testing::check_equal;
using testing::check_near;
using testing::check_throws;
using testing::digits_in;
using testing::TemporaryFolder;

TrainOptions parsed(const std::vector<std::string>& words) {
    TrainOptions options;
    CommandLine line = train_command_line(options);
    check(parse_train_options(line, words, options));
    return options;
}

TEST(every_experiment_uses_no_refinements) {
    std::set<std::string_view> names;
    for (const Preset& preset : experiment_presets()) {
        names.insert(preset.name);
        const TrainOptions options = parsed({"--preset", std::string(preset.name)});
        check(options.trainer.schedule.kind == ScheduleKind::constant);
        check_equal(options.trainer.loss.label_smoothing, 0.0);
        check(options.trainer.augment.kind == Augmentation::none);
        check_equal(options.trainer.optimizer.weight_decay, 0.0);
        check_equal(options.network.dropout, 0.0);
        check_equal(options.validation, 0.0);
    }
    check_equal(names.size(), experiment_presets().size());
    check_equal(names.size(), 12u);
}

TEST(a_preset_has_the_settings_of_its_author) {
    const TrainOptions jax = parsed({"--preset", "jax-512-b500"});
    check(jax.network.hidden == std::vector<std::size_t>{512, 512});
    check_equal(jax.trainer.batch_size, 500u);
    check_equal(jax.trainer.epochs, 10u);
    check_near(jax.data.split, 0.8, 0);
    check(jax.trainer.optimizer.kind == OptimizerKind::sgd);
    const TrainOptions tanh = parsed({"--preset", "numpy-tanh"});
    check(tanh.network.activation == Activation::tanh);
    check(tanh.trainer.optimizer.kind == OptimizerKind::momentum);
    check_near(tanh.trainer.optimizer.momentum, 0.001, 0);
    check_near(tanh.trainer.schedule.learning_rate, 0.1, 0);
    const TrainOptions sum = parsed({"--preset", "tensorflow-sigmoid"});
    check(sum.trainer.loss.reduction == Reduction::sum);
    check(sum.network.initializer.kind == InitializerKind::normal);
    check_near(sum.network.initializer.deviation, 0.05, 0);
    check_near(sum.trainer.schedule.learning_rate, 0.001, 0);
    check_equal(sum.trainer.steps, 3000u);
}

TEST(the_earlier_name_of_a_preset_is_accepted) {
    const TrainOptions options = parsed({"--preset", "committee"});
    check_equal(options.preset, "ensemble");
    check(options.trainer.preprocessing.deskew);
}

TEST(options_override_a_preset_before_and_after_it) {
    for (const auto& words :
         {std::vector<std::string>{"--hidden", "7", "--preset", "jax-24", "--epochs", "2"},
          std::vector<std::string>{"--preset", "jax-24", "--epochs=2", "--hidden", "7"}}) {
        const TrainOptions options = parsed(words);
        check(options.network.hidden == std::vector<std::size_t>{7});
        check_equal(options.trainer.epochs, 2u);
        check_equal(options.validation, 0.0);  // the others are those of the preset
    }
}

TEST(an_override_replaces_options_of_the_preset_that_contradict_it) {
    const TrainOptions epochs = parsed({"--preset", "tensorflow-sigmoid", "--epochs", "4"});
    check_equal(epochs.trainer.steps, 0u);
    check_equal(epochs.trainer.epochs, 4u);
    check_equal(parsed({"--preset", "jax-24", "--steps", "9"}).trainer.steps, 9u);
    check_equal(parsed({"--preset", "jax-256-b100", "--test-data", "x"}).data.split, 0.0);
    // A different optimizer brings its own default learning rate, unless one is given.
    const auto rate = [](const TrainOptions& options) {
        return options.trainer.schedule.learning_rate;
    };
    check_near(rate(parsed({"--preset", "jax-24", "--optimizer", "adam"})), 0.001, 0);
    check_near(rate(parsed({"--preset", "tensorflow-sigmoid", "--optimizer", "momentum"})), 0.1, 0);
    check_near(rate(parsed({"--preset", "jax-24", "--optimizer", "adam", "--learning-rate", "1"})),
               1.0, 0);
    check_throws(
        [] {
            parsed({"--preset", "jax-24", "--epochs", "1", "--steps", "1"});
        },
        "cannot be combined");
}

TEST(a_misspelt_preset_is_refused_and_the_list_has_all_presets) {
    const TemporaryFolder folder;
    const auto wrong = digits_in(folder, "train --preset numpy-tan");
    check_equal(wrong.exit_code, 2);
    check_contains(wrong.errors, "unknown preset 'numpy-tan'; did you mean numpy-tanh?");
    const auto list = digits_in(folder, "presets");
    check_equal(list.exit_code, 0);
    for (const std::span<const Preset> presets : {experiment_presets(), record_presets()}) {
        for (const Preset& preset : presets) {
            check_contains(list.output, str_cat("\n", preset.name, "\n    --"));
        }
    }
    check_contains(list.output, "reported: 90.2 (train 92.1), reference 93.7 %");
}

}  // namespace
}  // namespace digits
