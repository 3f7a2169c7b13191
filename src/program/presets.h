// The experiments that beginners published, by name: what to train, what was reported, what they
// teach.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace digits {

struct Preset {
    std::string_view name;
    std::string_view options;   // of `digits train`, on top of preset_basics
    std::string_view reported;  // test accuracy in percent, in the words of who published it
    // Test accuracy in percent of another, correct implementation of the same settings, written
    // with NumPy: the mean of three seeds, which lie about 0.15 points apart.
    std::optional<double> reference;
    std::string_view teaches;
};

// What all of them share where their own options say nothing else: plain stochastic gradient
// descent, trained on all training pictures and judged by the weights of the last step.
inline constexpr std::string_view preset_basics =
    "--optimizer sgd --learning-rate 0.1 --schedule constant --label-smoothing 0 --validation 0 "
    "--epochs 10";

std::span<const Preset> presets();

// Throws UsageError that names the nearest one.
const Preset& find_preset(const std::string& name);

// The options of `digits train` that it stands for, word by word.
std::vector<std::string> words_of(const Preset& preset);

}  // namespace digits
