// The contract of a layer: what the network, the optimizers and the gradient check know of it.
//
// Every layer of `Layer` in network.h is a value with these members:
//
//     std::string name() const;                    // "dense 128", for people
//     Shape output_shape(const Shape& input) const;  // throws std::invalid_argument: does not fit
//     void forward(const Matrix& input, Matrix& output, const Pass& pass) const;
//     void backward(const Matrix& input, const Matrix& output, const Matrix& grad_output,
//                   Matrix* grad_input, const Pass& pass);
//     std::vector<Parameter*> parameters();         // what it learns; may be empty
//     void append_branches(const Matrix& input, const Matrix& output, Branches& branches) const;
//
// Every matrix holds an example per row. backward() gets what forward() got and made, and dL/d
// output; it fills the gradients of the parameters and dL/d input, unless grad_input is null.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "linalg/matrix.h"

namespace digits {

// The shape of one example: an image of rows x columns pixels, each of so many channels. In memory
// it is one row of a Matrix, channels last: pixel (y, x) of channel c is element
// (y * columns + x) * channels + c. A plain list of n values is 1 x 1 x n.
struct Shape {
    Shape(std::size_t values) : channels(values) {}
    Shape(std::size_t image_rows, std::size_t image_columns, std::size_t image_channels)
        : rows(image_rows), columns(image_columns), channels(image_channels) {}

    std::size_t size() const { return rows * columns * channels; }
    bool operator==(const Shape&) const = default;

    std::size_t rows = 1, columns = 1, channels = 1;
};

// What differs from one pass through the network to the next.
struct Pass {
    // In training, a random number for this layer in this step: what dropout drops follows from it.
    // Empty in inference.
    std::optional<std::uint64_t> key{};
};

// What a layer learns: a matrix, and dL/d value. Optimizers, the gradient check and model files
// walk a flat list of these and know nothing of layers.
struct Parameter {
    std::string name;  // "layer1.weight"
    Matrix value;
    Matrix gradient;  // of value's shape; written by backward(), read by the optimizer
};

// Where a layer is defined piece by piece, its derivative jumps from piece to piece, and a
// difference across such a jump is no derivative. So each layer says which piece every element lies
// on: ReLU, for instance, whether a unit is on. Smooth layers append nothing.
using Branches = std::vector<std::uint32_t>;

}  // namespace digits
