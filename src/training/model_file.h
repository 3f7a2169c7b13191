// A trained network as a file that any program can load: model.safetensors.
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

// The file holds "layer1.weight", "layer1.bias", "layer2.weight" and so on as 32-bit floats, the
// weights as PyTorch's nn.Linear has them: (outputs, inputs), a row for each unit. Its metadata:
//
//     activation     relu, tanh or sigmoid, after every layer but the last
//     image_size     28x28, rows and columns; a square of as many pixels as needed if not given
//     class_names    a JSON list of strings; 0, 1, ... if not given
//     deskew         yes, if each image is straightened first, as Deskew does
//     input_scaling  byte/255: an input is 0 for paper and 1 for full ink; nothing else is known
//     architecture   784-256-128-10 relu, for people
//     weights_hash   as weights_hash() computes it; if given, it must be right
//
// and the notes. Dropout has no part in reading images and is left out. Throws
// std::invalid_argument for a network that is no such row of layers, std::runtime_error when the
// file cannot be written. See write_safetensors() for what holds when the machine stops meanwhile.
void write_model(const std::filesystem::path& path, const Model& model);

// Both throw std::runtime_error that says what was expected and what was found.
Model read_model(const std::filesystem::path& path);
Model parse_model(std::span<const std::uint8_t> bytes, const std::string& name);

// How many bytes the values of such a file take.
std::size_t model_size(const Network& network);

}  // namespace digits
