// Presets: named settings of `digits train`, for published experiments and for the best results.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace digits {

// Results of an experiment from other sources.
struct Published {
    std::string_view reported;  // test accuracy in percent, as its author states it
    // Test accuracy in percent of a correct NumPy implementation with the same settings: the mean
    // of three seeds, which differ by about 0.15 percentage points.
    std::optional<double> reference;
};

struct Preset {
    std::string_view name;
    std::string_view options;  // of `digits train`; an experiment adds them to experiment_basics
    std::string_view teaches;
    std::optional<Published> published{};  // for experiments only
};

// The options that all experiments share unless their own options override them: plain stochastic
// gradient descent on all training images, tested with the weights of the last step.
inline constexpr std::string_view experiment_basics =
    "--optimizer sgd --learning-rate 0.1 --schedule constant --label-smoothing 0 --validation 0 "
    "--epochs 10";

std::span<const Preset> experiment_presets();

// The best results of this program: in a second, without and with data augmentation, as an
// ensemble.
std::span<const Preset> record_presets();

// Finds a preset of either kind. If there is none, throws UsageError that suggests the nearest
// name.
const Preset& find_preset(std::string_view name);

// The arguments of `digits train` that the preset stands for.
std::vector<std::string> words_of(const Preset& preset);

}  // namespace digits
