// Activation functions: ReLU, tanh and the logistic sigmoid.
//
// Without a nonlinearity between its layers, a stack of dense layers is a single linear map.
#pragma once

#include <array>
#include <string_view>

#include "network/layer.h"

namespace digits {

enum class Activation { relu, tanh, sigmoid };
inline constexpr std::array<std::string_view, 3> activation_names{"relu", "tanh", "sigmoid"};

// All three work element by element, so input, output and both gradients have the same shape
// (B, I). By the chain rule, grad_input = grad_output * f'(input), where f' can be computed from
// the output alone.

// y = max(0, x);  dy/dx = 1 where y > 0, else 0 (also at x = 0, where ReLU has no derivative).
class Relu {
public:
    std::string name() const { return "relu"; }
    Shape output_shape(const Shape& input) const { return input; }
    void forward(const Matrix& input, Matrix& output, const Pass& pass = {}) const;
    void backward(const Matrix& input, const Matrix& output, const Matrix& grad_output,
                  Matrix* grad_input, const Pass& pass = {}) const;
    std::vector<Parameter*> parameters() { return {}; }
    void append_branches(const Matrix& input, const Matrix& output, Branches& branches) const;
};

// y = tanh(x), in (-1, 1);  dy/dx = 1 - y^2.
class Tanh {
public:
    std::string name() const { return "tanh"; }
    Shape output_shape(const Shape& input) const { return input; }
    void forward(const Matrix& input, Matrix& output, const Pass& pass = {}) const;
    void backward(const Matrix& input, const Matrix& output, const Matrix& grad_output,
                  Matrix* grad_input, const Pass& pass = {}) const;
    std::vector<Parameter*> parameters() { return {}; }
    void append_branches(const Matrix&, const Matrix&, Branches&) const {}  // smooth
};

// y = 1 / (1 + e^-x), in (0, 1);  dy/dx = y (1 - y).
class Sigmoid {
public:
    std::string name() const { return "sigmoid"; }
    Shape output_shape(const Shape& input) const { return input; }
    void forward(const Matrix& input, Matrix& output, const Pass& pass = {}) const;
    void backward(const Matrix& input, const Matrix& output, const Matrix& grad_output,
                  Matrix* grad_input, const Pass& pass = {}) const;
    std::vector<Parameter*> parameters() { return {}; }
    void append_branches(const Matrix&, const Matrix&, Branches&) const {}  // smooth
};

}  // namespace digits
