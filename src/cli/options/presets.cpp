#include "cli/options/presets.h"

#include <algorithm>
#include <sstream>

#include "cli/options/command_line.h"

namespace digits {

std::span<const Preset> experiment_presets() {
    static constexpr Preset list[] = {
        {"jax-24", "--hidden 24,24 --batch-size 128",
         "Small is a good beginning: 19,690 weights and biases read 96 of 100 digits, in a "
         "second.",
         Published{"none", 96.3}},
        {"jax-256-b100", "--hidden 256,256 --split 0.8 --batch-size 100",
         "60 points between training and test images are no overfitting, which still reads most "
         "of what it never saw: the two were treated differently somewhere.",
         Published{"19.4 (train 79)", 97.7}},
        {"jax-256-b500", "--hidden 256,256 --split 0.8 --batch-size 500",
         "Five times the batch is a fifth of the steps: 1,120 instead of 5,600, at the same "
         "learning rate, and two points lost.",
         Published{"19.4 (train 79)", 95.8}},
        {"jax-256-b1000", "--hidden 256,256 --split 0.8 --batch-size 1000",
         "560 steps. Whoever enlarges the batch must raise the learning rate or train longer: try "
         "--learning-rate 0.5 after this preset.",
         Published{"19.4 (train 79)", 94.2}},
        {"jax-512-b100", "--hidden 512,512 --split 0.8 --batch-size 100",
         "2.5 times the weights of 256,256 and about the same accuracy: MNIST does not need them.",
         Published{"19.4 (train 79)", 97.7}},
        {"jax-512-b500", "--hidden 512,512 --split 0.8 --batch-size 500",
         "Width does not make up for steps that were not taken.", Published{"19.4 (train 79)", {}}},
        {"jax-512-b1000", "--hidden 512,512 --split 0.8 --batch-size 1000",
         "The curve of its loss is still falling when it stops: it was trained too little, and is "
         "not too small.",
         Published{"19.4 (train 79)", {}}},
        {"numpy-tanh", "--hidden 64 --activation tanh --optimizer momentum --momentum 0.001",
         "A momentum of 0.001 is none: v = 0.001 v + g is all but g. Usual is 0.9: try --momentum "
         "0.9.",
         Published{"85.81", 96.0}},
        {"numpy-sigmoid", "--hidden 64 --activation sigmoid --optimizer momentum --momentum 0.001",
         "The slope of the sigmoid is at most 1/4, so its layer learns slowly: three points behind "
         "tanh, with all else the same.",
         Published{"87.25", 93.2}},
        {"numpy-relu", "--hidden 256,64 --optimizer momentum --momentum 0.001",
         "Two layers of ReLU at the same rate: where no slope shrinks, learning is fast.",
         Published{"96.49", 97.6}},
        {"numpy-128-64", "--hidden 128,64 --batch-size 64 --epochs 50",
         "After 50 epochs every training image is read correctly and one of 50 test images is "
         "not: that gap is overfitting.",
         Published{"a plot", 98.0}},
        {"tensorflow-sigmoid",
         "--hidden 128,256 --activation sigmoid --initializer normal --deviation 0.05 "
         "--batch-size 256 --learning-rate 0.001 --loss-reduction sum --steps 3000",
         "A loss summed over the batch hides the rate: 0.001 of the sum over 256 images is 0.256 "
         "of the mean, and another batch size is another rate.",
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
         "Images turned, stretched and warped anew in every epoch."},
        {"ensemble",
         "--hidden 1000,500 --deskew --optimizer adam --learning-rate 0.001 --batch-size 256 "
         "--augment elastic --label-smoothing 0 --epochs 250 --validation 0 --checkpoint-every 10",
         "Like strong, but of deskewed images, so that it makes different mistakes."},
    };
    return list;
}

const Preset& find_preset(const std::string& typed) {
    // The earlier name of `ensemble` is still understood.
    const std::string name = typed == "committee" ? "ensemble" : typed;
    std::vector<std::string> names;
    for (const std::span<const Preset> list : {experiment_presets(), record_presets()}) {
        for (const Preset& preset : list) {
            if (preset.name == name) return preset;
            names.emplace_back(preset.name);
        }
    }
    const std::string meant = nearest(name, names);
    throw UsageError(str_cat("there is no preset '", name, "'",
                             meant.empty() ? "" : "; did you mean ", meant,
                             meant.empty() ? "" : "?", " (digits presets lists them all)"));
}

std::vector<std::string> words_of(const Preset& preset) {
    std::istringstream stream(preset.published ? str_cat(experiment_basics, " ", preset.options)
                                               : std::string(preset.options));
    std::vector<std::string> words;
    for (std::string word; stream >> word;) words.push_back(word);
    return words;
}

}  // namespace digits
