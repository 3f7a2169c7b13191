// The figures of a report that consist of images: misclassified digits, first-layer weights.
#pragma once

#include <vector>

#include "data/dataset.h"
#include "network/network.h"
#include "plot/svg.h"
#include "training/evaluation.h"

namespace digits {

// A misclassified image: its actual and its predicted class, and the probabilities of the most
// likely classes, which always include the actual one.
struct Mistake {
    struct Likely {
        std::size_t of;  // class
        double probability;
    };
    Matrix ink;  // 0 ... 1
    std::size_t actual, predicted;
    std::vector<Likely> likely;  // the most likely first
};

// The `count` misclassified images with the highest loss, or all if there are fewer. Runs the
// network on them once more, for the probabilities of all classes.
std::vector<Mistake> find_mistakes(const Model& model, const Evaluation& evaluation,
                                   const Dataset& data, std::size_t count);

// One mistake as a card, and all as one figure of cards side by side.
Svg mistake_card(const Mistake& mistake);
Svg mistakes_figure(const std::vector<Mistake>& mistakes);

// The weights of the first units of the first layer, each unit as an image of `rows` x `columns`:
// positive weights are blue, negative ones orange, relative to the unit's largest weight.
Svg weight_images(const Network& network, std::size_t rows, std::size_t columns);

}  // namespace digits
