// The layer interface: what the network, the optimizers and the gradient check know of a layer.
//
// Every type in the variant `Layer` (network.h) is a value type with these members:
//
//     std::string name() const;                    // "dense 128", for display
//     Shape output_shape(const Shape& input) const;  // throws if it does not fit
//     void forward(const Matrix& input, Matrix& output, const Pass& pass) const;
//     void backward(const Matrix& input, const Matrix& output, const Matrix& grad_output,
//                   Matrix* grad_input, const Pass& pass);
//     std::vector<Parameter*> parameters();         // its trainable parameters, if any
//     void append_branches(const Matrix& input, const Matrix& output, Branches& branches) const;
//
// Every matrix has one row per example. backward() takes the input and output of forward(), and
// dL/d output; it computes the gradients of the parameters and, unless grad_input is null, dL/d
// input.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "linalg/matrix.h"

namespace digits {

// The shape of one example: an image of rows x columns pixels with `channels` channels. In memory
// it is one row of a Matrix, channels last: channel c of pixel (y, x) is element
// (y * columns + x) * channels + c. A flat vector of n values is 1 x 1 x n.
struct Shape {
    Shape(std::size_t values) : channels(values) {}
    Shape(std::size_t image_rows, std::size_t image_columns, std::size_t image_channels)
        : rows(image_rows), columns(image_columns), channels(image_channels) {}

    std::size_t size() const { return rows * columns * channels; }
    bool operator==(const Shape&) const = default;

    std::size_t rows = 1, columns = 1, channels = 1;
};

// The arguments of a layer that differ between passes through the network.
struct Pass {
    // In training, a random number for this layer and step, which determines what dropout drops.
    // Empty in inference.
    std::optional<std::uint64_t> key{};
};

// A trainable parameter: its value and dL/d value. Optimizers, the gradient check and model files
// work on a flat list of these and know nothing about layers.
struct Parameter {
    std::string name;  // "layer1.weight"
    Matrix value;
    Matrix gradient;  // of value's shape; written by backward(), read by the optimizer
};

// The derivative of a piecewise layer jumps between its pieces (branches), and a finite difference
// across such a jump does not approximate a derivative. So each layer reports the branch of every
// element: ReLU, for instance, whether a unit is on. Smooth layers append nothing.
using Branches = std::vector<std::uint32_t>;

}  // namespace digits
