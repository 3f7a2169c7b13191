// A model: a trained network with everything needed to use it.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

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
};

// "784-256-128-10 input deskew relu"
std::string describe(const Network& network, const Preprocessing& preprocessing);

}  // namespace digits
