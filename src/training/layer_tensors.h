// Layer tensors: finds the weights and biases of a stack of dense layers in a file, under the names
// and in the layouts of other programs.
#pragma once

#include <vector>

#include "formats/safetensors.h"

namespace digits {

struct LayerTensors {
    const Tensor* weight = nullptr;
    const Tensor* bias = nullptr;  // null: the layer has none
    bool is_transposed = false;    // the weight is (inputs, outputs), as in Keras and JAX, not
                                   // (outputs, inputs), as in PyTorch

    std::size_t inputs() const { return weight->shape[is_transposed ? 0 : 1]; }
    std::size_t outputs() const { return weight->shape[is_transposed ? 1 : 0]; }
};

struct LayerStack {
    std::vector<LayerTensors> layers{};  // at least one, from the input to the output
    bool is_ambiguous = false;           // the shapes would fit the other layout, too
};

// A name is words and numbers: "_orig_mod.fc1.weight", "0.weight", "params/Dense_0/kernel", "W1".
// One of the words says whether it is a weight (weight, kernel, w) or a bias (bias, b); tensors
// that agree in the rest belong to the same layer. The layers are in the order of that rest,
// numbers by their value (fc2 before fc10), or, if the shapes contradict that, in the only order in
// which each layer has as many inputs as the previous one has outputs (but hidden1 stays before
// hidden2). The shapes say whether the weights are transposed; where they fit both layouts, a
// weight called kernel is.
//
// Throws std::runtime_error that names the tensors if there is none, if some are neither weight nor
// bias, such as those of a batch normalization, or if the shapes do not form a stack.
LayerStack find_layers(const TensorFile& file);

}  // namespace digits
