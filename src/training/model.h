// A model: a trained network with everything needed to use it.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "data/image_layout.h"
#include "data/input_scaling.h"
#include "data/preprocessing.h"
#include "network/network.h"

namespace digits {

struct Model {
    Network network;
    std::size_t rows = 0;  // of an image
    std::size_t columns = 0;
    std::vector<std::string> class_names{};      // one per class: "0", "1", ...
    std::map<std::string, std::string> notes{};  // further metadata: accuracy, seed ...
    Preprocessing preprocessing{};
    // Whether the files of the training data store images column after column, as those of EMNIST
    // do. The network takes upright images all the same: they were transposed when loaded.
    bool transposed_files = false;
    ImageLayout layout{};  // of the training images: an own image has to be formed like them
    // What a file left open, so that read_model() assumed it; for messages to the user.
    bool is_input_scaling_assumed = false;  // inputs are pixels from 0, background, to 1, ink
    std::vector<std::string> remarks{};     // anything else, a sentence each
};

// Changes the weights and biases of the first layer so that the network gives for pixels from 0 to
// 1 the logits that it gave for scaled ones.
void fold_input_scaling(Network& network, const InputScaling& scaling);

// "784-256-128-10 input deskew relu"
std::string describe(const Network& network, const Preprocessing& preprocessing);

}  // namespace digits
