// The dense (fully connected) layer: every output is a weighted sum of all inputs, plus a bias.
#pragma once

#include <cstddef>

#include "network/initializer.h"
#include "network/layer.h"

namespace digits {

// Z = X W + b, with X (B, I), W (I, O), b (1, O) added to every row, Z (B, O).
class Dense {
public:
    // The initializer fills the weight; the bias starts at zero.
    Dense(std::size_t inputs, std::size_t outputs, const Initializer& initializer, Random& random);

    std::size_t inputs() const { return weight.value.rows(); }
    std::size_t outputs() const { return weight.value.columns(); }

    std::string name() const;
    Shape output_shape(const Shape& input) const;

    void forward(const Matrix& input, Matrix& output, const Pass& pass = {}) const;

    // Writes dW = X^T dZ and db = the column sums of dZ to the parameters' gradients, and
    // dX = dZ W^T to grad_input. If grad_input is null, dX is not computed: the first layer does
    // not need dL/d pixels.
    void backward(const Matrix& input, const Matrix& output, const Matrix& grad_output,
                  Matrix* grad_input, const Pass& pass = {});

    std::vector<Parameter*> parameters() { return {&weight, &bias}; }
    void append_branches(const Matrix&, const Matrix&, Branches&) const {}  // smooth

    Parameter weight;  // (I, O)
    Parameter bias;    // (1, O)
};

}  // namespace digits
