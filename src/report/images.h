// The images of a report that are made of pixels: misread digits, and what the first layer
// weighs.
#pragma once

#include <vector>

#include "data/dataset.h"
#include "network/network.h"
#include "plot/svg.h"
#include "training/evaluation.h"

namespace digits {

// A misread image: what it is, what it was read as, and the probabilities of the most likely
// classes, the right one always among them.
struct Mistake {
    struct Likely {
        std::size_t of;  // class
        double probability;
    };
    Matrix ink;  // 0 ... 1
    std::size_t actual, predicted;
    std::vector<Likely> likely;  // the most likely first
};

// The worst, at most `count`. Asks the network once more, for all its probabilities.
std::vector<Mistake> find_mistakes(const Model& model, const Evaluation& evaluation,
                                   const Dataset& data, std::size_t count);

// One of them on a card of its own, and all of them beside each other.
Svg mistake_card(const Mistake& mistake);
Svg mistakes_figure(const std::vector<Mistake>& mistakes);

// The weights of the first units of the first layer, each unit as an image of `rows` x `columns`:
// blue where ink speaks for it, orange where against it, each by its own strongest weight.
Svg weight_images(const Network& network, std::size_t rows, std::size_t columns);

}  // namespace digits
