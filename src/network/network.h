// A feed-forward neural network: a list of layers, run first to last in the forward pass and last
// to first in the backward pass.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "network/activation.h"
#include "network/dense.h"
#include "network/dropout.h"
#include "network/layer.h"
#include "util/random.h"
#include "util/settings.h"

namespace digits {

// All layer types. layer.h documents their common interface; adding a type means adding it here.
using Layer = std::variant<Dense, Relu, Tanh, Sigmoid, Dropout>;

// What the passes of one batch compute. It belongs to the caller, not to the network, so inference
// leaves the network unchanged, and each step reuses the buffers of the one before.
struct Activations {
    std::vector<Matrix> outputs;       // outputs[l] (B, O) of layer l; the last are the logits
    std::vector<Matrix> gradients;     // gradients[l]: dL/d outputs[l], for all but the last layer
    std::optional<std::uint64_t> key;  // of this training step; empty in inference
};

// A value type: copying a network copies its weights, which is how training keeps the best one.
class Network {
public:
    // Numbers the trainable layers: their parameters are named "layer1.weight", "layer1.bias", and
    // so on. Throws std::invalid_argument if the output shape of a layer does not fit the next one,
    // or if no layer has parameters.
    Network(const Shape& input, std::vector<Layer> layers);

    std::size_t inputs() const { return input_.size(); }
    std::size_t outputs() const { return output_; }

    // Inference: X (B, inputs) -> logits Z (B, outputs). Dropout drops nothing.
    const Matrix& forward(const Matrix& input, Activations& activations) const;

    // The same for training: one number from `random` determines what dropout drops.
    const Matrix& forward(const Matrix& input, Activations& activations, Random& random) const;

    // Computes the gradient of every parameter from dZ (B, outputs) and from the activations that
    // forward() computed for the same input. dL/d input costs one more matrix product; it is
    // computed only if grad_input is not null.
    void backward(const Matrix& input, Activations& activations, const Matrix& grad_logits,
                  Matrix* grad_input = nullptr);

    // In the order of the layers. The pointers are valid until the network is moved or destroyed.
    std::vector<Parameter*> parameters();
    std::vector<const Parameter*> parameters() const;

    // The branch of every element in all piecewise layers; see layer.h.
    Branches branches(const Matrix& input, const Activations& activations) const;

    const std::vector<Layer>& layers() const { return layers_; }
    // The kind of each layer: "dense 128", "relu".
    std::vector<std::string> layer_names() const;
    // Which layer it is: "layer1", as in the names of its parameters, or "relu after layer1".
    const std::vector<std::string>& layer_labels() const { return labels_; }

private:
    const Matrix& run(const Matrix& input, Activations& activations) const;

    Shape input_;
    std::vector<Layer> layers_;
    std::vector<std::string> labels_;
    std::size_t first_trainable_ = 0;  // the layers before it have no parameters
    std::size_t output_ = 0;
};

struct NetworkSettings {
    std::vector<std::size_t> hidden{256, 128};  // units of each hidden layer; may be empty
    Activation activation = Activation::relu;   // after each hidden layer
    Initializer initializer{};                  // of every weight; biases start at zero
    double dropout = 0.0;                       // rate after each hidden layer; 0: none
    double input_dropout = 0.0;                 // rate for the inputs; 0: none
};

// Name, bounds and help of each field, for command lines, files and validation.
std::vector<Setting> settings_of(NetworkSettings& settings);

// Dense layers inputs - hidden... - outputs, with the activation function (and dropout) after each
// hidden layer, and input dropout in front. Throws std::invalid_argument for invalid settings.
Network build_network(std::size_t inputs, std::size_t outputs, const NetworkSettings& settings,
                      Random& random);

// "784-256-128-10 relu"
std::string describe(const Network& network);

// The number of weights and biases.
std::size_t parameter_count(const Network& network);

// 64-bit FNV-1a over the bits of every parameter, as 16 hexadecimal digits. For all practical
// purposes, equal hashes mean that the parameters of two networks are equal to the last bit.
std::string weights_hash(const Network& network);

}  // namespace digits
