// Model files: a trained network as model.safetensors, which other programs can load, too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "training/model.h"

namespace digits {

// The file contains "layer1.weight", "layer1.bias", "layer2.weight" and so on as 32-bit floats, the
// weights in the layout of PyTorch's nn.Linear: (outputs, inputs), one row per unit. Its metadata:
//
//     activation     relu, tanh or sigmoid, after every layer but the last
//     image_size     28x28, rows x columns; if not given, a square with one pixel per input
//     class_names    a JSON array of strings; if not given, 0, 1, ...
//     deskew         yes, if each image is deskewed first, as deskew() does
//     transpose      yes, if the files of the training data store images column after column
//     image_layout   20x20 centred by mass, 24x24 centred by box or whole, as measure_layout()
//     finds it
//                    in the training images; if not given, unknown
//     input_scaling  byte/255: an input is 0 for background and 1 for full ink, as for all networks
//                    of this program; files of other programs may have what parse_input_scaling()
//                    reads, such as (x-0.1307)/0.3081, which becomes part of the first layer
//     architecture   784-256-128-10 relu, for display
//     weights_hash   as weights_hash() computes it; if given, it must be right
//
// and the notes. Dropout does nothing in inference and is left out. Throws std::invalid_argument
// for a network that is not such a stack of layers, std::runtime_error if the file cannot be
// written. See write_safetensors() for what is guaranteed if the machine stops meanwhile.
void write_model(const std::filesystem::path& path, const Model& model);

// The file - is standard input. They read files of other programs, too: the tensors may have any
// names and layouts that find_layers() understands, biases may be missing, and F16, BF16 and F64
// are converted. A checkpoint gives its best network so far. What was assumed is in the model's
// remarks. Both throw a std::runtime_error that says what was expected and what was found.
Model read_model(const std::filesystem::path& path);
Model parse_model(std::span<const std::uint8_t> bytes, const std::string& name);

// The size of the tensor data of such a file, in bytes.
std::size_t model_size(const Network& network);

}  // namespace digits
