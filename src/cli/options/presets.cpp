#include "cli/options/presets.h"

#include <algorithm>

#include "cli/options/command_line.h"
#include "cli/shell_command.h"
#include "util/text.h"

namespace digits {

std::span<const Preset> experiment_presets() {
    static constexpr Preset list[] = {
        {"jax-24", "--hidden 24,24 --batch-size 128",
         "A small network is a good start: 19,690 weights and biases classify 96 % of the digits "
         "correctly after a second of training.",
         Published{"none", 96.3}},
        {"jax-256-b100", "--hidden 256,256 --split 0.8 --batch-size 100",
         "A gap of 60 points between training and test accuracy is not overfitting, which leaves "
         "most test images correct: somewhere the two sets were treated differently.",
         Published{"19.4 (train 79)", 97.7}},
        {"jax-256-b500", "--hidden 256,256 --split 0.8 --batch-size 500",
         "Five times the batch size is a fifth of the steps: 1,120 instead of 5,600. At the same "
         "learning rate that costs two points.",
         Published{"19.4 (train 79)", 95.8}},
        {"jax-256-b1000", "--hidden 256,256 --split 0.8 --batch-size 1000",
         "560 steps. A larger batch needs a higher learning rate or more epochs: try "
         "--learning-rate 0.5 after this preset.",
         Published{"19.4 (train 79)", 94.2}},
        {"jax-512-b100", "--hidden 512,512 --split 0.8 --batch-size 100",
         "2.5 times the weights of 256,256 and about the same accuracy: MNIST does not need them.",
         Published{"19.4 (train 79)", 97.7}},
        {"jax-512-b500", "--hidden 512,512 --split 0.8 --batch-size 500",
         "A wider network does not make up for fewer steps.", Published{"19.4 (train 79)", {}}},
        {"jax-512-b1000", "--hidden 512,512 --split 0.8 --batch-size 1000",
         "The loss is still falling when training stops: the network was trained too little; it is "
         "not too small.",
         Published{"19.4 (train 79)", {}}},
        {"numpy-tanh", "--hidden 64 --activation tanh --optimizer momentum --momentum 0.001",
         "A momentum of 0.001 has no effect: v = 0.001 v + g is almost g. The usual value is 0.9: "
         "try --momentum 0.9.",
         Published{"85.81", 96.0}},
        {"numpy-sigmoid", "--hidden 64 --activation sigmoid --optimizer momentum --momentum 0.001",
         "The slope of the sigmoid is at most 1/4, so the layer before it learns slowly: three "
         "points behind tanh, with all else the same.",
         Published{"87.25", 93.2}},
        {"numpy-relu", "--hidden 256,64 --optimizer momentum --momentum 0.001",
         "Two layers with ReLU at the same learning rate: active units have slope 1, so gradients "
         "do "
         "not shrink and learning is fast.",
         Published{"96.49", 97.6}},
        {"numpy-128-64", "--hidden 128,64 --batch-size 64 --epochs 50",
         "After 50 epochs every training image is classified correctly, but one of 50 test images "
         "is not: that gap is overfitting.",
         Published{"a plot", 98.0}},
        {"tensorflow-sigmoid",
         "--hidden 128,256 --activation sigmoid --initializer normal --deviation 0.05 "
         "--batch-size 256 --learning-rate 0.001 --loss-reduction sum --steps 3000",
         "Summing the loss over the batch hides the learning rate: 0.001 on the sum over 256 "
         "images is 0.256 on the mean, so changing the batch size changes the rate.",
         Published{"90.2 (train 92.1)", 93.7}},
    };
    return list;
}

std::span<const Preset> record_presets() {
    static constexpr Preset list[] = {
        {"quick",
         "--hidden 256,128 --deskew --learning-rate 0.3 --warmup 100 --epochs 2 --validation 0",
         "The fastest way from a cold start to 98 %: deskewed images, two epochs."},
        {"plain",
         "--hidden 1000,1000 --dropout 0.5 --input-dropout 0.2 --learning-rate 0.05 "
         "--label-smoothing 0 --epochs 60 --validation 0 --checkpoint-every 10",
         "The best result without data augmentation."},
        {"strong",
         "--hidden 1000,500 --optimizer adam --learning-rate 0.001 --batch-size 256 "
         "--augment elastic --label-smoothing 0 --epochs 250 --validation 0 --checkpoint-every 10",
         "Elastic augmentation: images are rotated, stretched and warped anew in every epoch."},
        {"ensemble",
         "--hidden 1000,500 --deskew --optimizer adam --learning-rate 0.001 --batch-size 256 "
         "--augment elastic --label-smoothing 0 --epochs 250 --validation 0 --checkpoint-every 10",
         "Like strong, but with deskewed images, so that it makes different mistakes."},
    };
    return list;
}

const Preset& find_preset(std::string_view typed) {
    // `committee` is the earlier name of `ensemble`.
    const std::string_view name = typed == "committee" ? "ensemble" : typed;
    std::vector<std::string> names;
    for (const std::span<const Preset> list : {experiment_presets(), record_presets()}) {
        for (const Preset& preset : list) {
            if (preset.name == name) return preset;
            names.emplace_back(preset.name);
        }
    }
    const std::string suggestion = nearest(name, names);
    throw UsageError(str_cat(
        "unknown preset '", name, "'", suggestion.empty() ? "" : "; did you mean ", suggestion,
        suggestion.empty() ? "" : "?", " (", shell_command({"presets"}), " lists all presets)"));
}

std::vector<std::string> words_of(const Preset& preset) {
    return split_words(preset.published ? str_cat(experiment_basics, " ", preset.options)
                                        : std::string(preset.options));
}

}  // namespace digits
