// A network is a list of layers. Forward walks it first to last, backward last to first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "data/deskew.h"
#include "network/activation.h"
#include "network/dense.h"
#include "network/dropout.h"

namespace digits {

using Layer = std::variant<Dense, Relu, Tanh, Sigmoid, Dropout, Deskew>;

// What one batch leaves behind on its way. The caller keeps it, not the network, so inference
// leaves the network as it was, and the buffers of one step serve the next.
struct Activations {
    std::vector<Matrix> outputs;  // outputs[l] (B, O): what layer l made; the last are the logits
    std::vector<Matrix>
        gradients;  // gradients[l]: the loss's derivative by outputs[l], but the last
    std::optional<std::uint64_t> dropout_key;  // what dropout drew in training; empty in inference
};

// A value: copying a network copies its weights, which is how the best one is kept.
class Network {
public:
    // Dense layers are numbered: their parameters are "layer1.weight", "layer1.bias", and so on.
    // Throws std::invalid_argument when a dense layer does not take what the one before it gives,
    // or a Deskew stands behind one or does not give what the first takes.
    explicit Network(std::vector<Layer> layers);

    std::size_t inputs() const { return inputs_; }
    std::size_t outputs() const { return outputs_; }

    // X (B, inputs) -> logits Z (B, outputs), for inference: dropout lets everything pass.
    const Matrix& forward(const Matrix& input, Activations& activations) const;

    // The same in training, where `random` draws one key for what dropout drops.
    const Matrix& forward(const Matrix& input, Activations& activations, Random& random) const;

    // Fills every parameter's gradient, from dZ (B, outputs) and what forward() left in
    // `activations` for this same input. The derivative by the input itself costs one more product
    // and is computed only when asked for; with a Deskew it cannot be: std::invalid_argument.
    void backward(const Matrix& input, Activations& activations, const Matrix& grad_logits,
                  Matrix* grad_input = nullptr);

    // In the order of the layers. The pointers hold while the network stays where it is.
    std::vector<Parameter*> parameters();
    std::vector<const Parameter*> parameters() const;

    const std::vector<Layer>& layers() const { return layers_; }

private:
    const Matrix& run(const Matrix& input, Activations& activations) const;

    std::vector<Layer> layers_;
    std::size_t first_dense_ = 0;  // what comes before it learns nothing
    std::size_t inputs_ = 0;
    std::size_t outputs_ = 0;
};

struct NetworkSettings {
    std::vector<std::size_t> hidden{256, 128};  // units of each hidden layer; may be empty
    Activation activation = Activation::relu;   // after each hidden layer
    Initializer initializer{};                  // of every weight; biases start at zero
    double dropout = 0.0;                       // rate after each hidden layer; 0: no such layer
    double input_dropout = 0.0;                 // rate of the inputs themselves
    bool deskew = false;                        // straighten each image first
    std::size_t image_rows = 0;                 // for that: how many rows of pixels the inputs are
};

// inputs - hidden... - outputs, with the activation (and dropout) after each hidden layer, and
// before all, if asked for, what straightens images and dropout of the inputs. Throws
// std::invalid_argument when the inputs are to be straightened but are no image of so many rows.
Network build_network(std::size_t inputs, std::size_t outputs, const NetworkSettings& settings,
                      Random& random);

// "784-256-128-10 relu"
std::string describe(const Network& network);

// How many numbers are learned.
std::size_t parameter_count(const Network& network);

// 64-bit FNV-1a over the bits of every weight, as 16 hexadecimal digits: two networks are the same
// to the last bit if their hashes are, for all practical purposes.
std::string weights_hash(const Network& network);

}  // namespace digits
