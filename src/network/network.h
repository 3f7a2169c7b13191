// A feed-forward network: a list of layers. Forward walks it first to last, backward last to first.
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

// All kinds of layers there are. layer.h says what each must have; nothing else depends on which.
using Layer = std::variant<Dense, Relu, Tanh, Sigmoid, Dropout>;

// What one batch leaves behind in a pass. The caller keeps it, not the network, so inference leaves
// the network as it was, and the buffers of one step serve the next.
struct Activations {
    std::vector<Matrix> outputs;       // outputs[l] (B, O) of layer l; the last are the logits
    std::vector<Matrix> gradients;     // gradients[l]: dL/d outputs[l], for all but the last layer
    std::optional<std::uint64_t> key;  // of the step, in training; empty in inference
};

// A value: copying a network copies its weights, which is how the best one is kept.
class Network {
public:
    // Layers that learn are numbered: their parameters are "layer1.weight", "layer1.bias", and so
    // on. Throws std::invalid_argument when a layer does not take the shape that the one before it
    // gives, or when no layer has anything to learn.
    Network(const Shape& input, std::vector<Layer> layers);

    std::size_t inputs() const { return input_.size(); }
    std::size_t outputs() const { return output_; }

    // X (B, inputs) -> logits Z (B, outputs), for inference: dropout drops nothing.
    const Matrix& forward(const Matrix& input, Activations& activations) const;

    // The same in training, where `random` draws one key for what dropout drops.
    const Matrix& forward(const Matrix& input, Activations& activations, Random& random) const;

    // Fills every parameter's gradient, from dZ (B, outputs) and what forward() left in
    // `activations` for this same input. dL/d input costs one more product and is computed only if
    // grad_input is not null.
    void backward(const Matrix& input, Activations& activations, const Matrix& grad_logits,
                  Matrix* grad_input = nullptr);

    // In the order of the layers. The pointers hold while the network stays where it is.
    std::vector<Parameter*> parameters();
    std::vector<const Parameter*> parameters() const;

    // Which piece of its definition each element lies on, in all layers whose derivative jumps.
    Branches branches(const Matrix& input, const Activations& activations) const;

    const std::vector<Layer>& layers() const { return layers_; }
    // What each layer is: "dense 128", "relu".
    std::vector<std::string> layer_names() const;
    // Which one it is: "layer1" as in the names of its parameters, "relu after layer1".
    const std::vector<std::string>& layer_labels() const { return labels_; }

private:
    const Matrix& run(const Matrix& input, Activations& activations) const;

    Shape input_;
    std::vector<Layer> layers_;
    std::vector<std::string> labels_;
    std::size_t first_trainable_ = 0;  // the layers before it have nothing to learn
    std::size_t output_ = 0;
};

struct NetworkSettings {
    std::vector<std::size_t> hidden{256, 128};  // units of each hidden layer; may be empty
    Activation activation = Activation::relu;   // after each hidden layer
    Initializer initializer{};                  // of every weight; biases start at zero
    double dropout = 0.0;                       // rate after each hidden layer; 0: no such layer
    double input_dropout = 0.0;                 // rate of the inputs themselves
};

// Their names, bounds and help, for command lines, files and checks.
std::vector<Setting> settings_of(NetworkSettings& settings);

// inputs - hidden... - outputs, with the activation (and dropout) after each hidden layer, and
// dropout of the inputs before all. Throws std::invalid_argument for settings out of bounds.
Network build_network(std::size_t inputs, std::size_t outputs, const NetworkSettings& settings,
                      Random& random);

// "784-256-128-10 relu"
std::string describe(const Network& network);

// The number of weights and biases.
std::size_t parameter_count(const Network& network);

// 64-bit FNV-1a over the bits of every weight, as 16 hexadecimal digits: for all practical
// purposes, equal hashes mean that two networks are the same to the last bit.
std::string weights_hash(const Network& network);

}  // namespace digits
