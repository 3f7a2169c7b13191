// Trainings by name: the experiments that beginners published, and the records of this program.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace digits {

// What is known of an experiment from elsewhere.
struct Published {
    std::string_view reported;  // test accuracy in percent, in the words of who published it
    // Test accuracy in percent of another, correct implementation of the same settings, written
    // with NumPy: the mean of three seeds, which lie about 0.15 points apart.
    std::optional<double> reference;
};

struct Preset {
    std::string_view name;
    std::string_view options;  // of `digits train`; those of an experiment on top of its basics
    std::string_view teaches;
    std::optional<Published> published{};  // for experiments only
};

// What all experiments share where their own options say nothing else: plain stochastic gradient
// descent, trained on all training images and judged by the weights of the last step.
inline constexpr std::string_view experiment_basics =
    "--optimizer sgd --learning-rate 0.1 --schedule constant --label-smoothing 0 --validation 0 "
    "--epochs 10";

std::span<const Preset> experiment_presets();

// The best that this program does: in a second, with the images as they are, with distorted ones.
std::span<const Preset> record_presets();

// Of either kind. Throws UsageError that names the nearest one.
const Preset& find_preset(const std::string& name);

// The options of `digits train` that it stands for, word by word.
std::vector<std::string> words_of(const Preset& preset);

}  // namespace digits
