// The bends between the dense layers, without which any number of them would be no more than one.
#pragma once

#include <array>
#include <string_view>

#include "linalg/matrix.h"

namespace digits {

enum class Activation { relu, tanh, sigmoid };
inline constexpr std::array<std::string_view, 3> activation_names{"relu", "tanh", "sigmoid"};

// Each is applied element by element, so input, output and both gradients have one shape (B, I).
// By the chain rule grad_input = grad_output * f'(input), and all three derivatives can be had from
// the output alone. grad_input may be null: nobody asks.

// y = max(0, x);  dy/dx = 1 where y > 0, else 0 (at x = 0, where there is none, we say 0).
class Relu {
public:
    void forward(const Matrix& input, Matrix& output) const;
    void backward(const Matrix& input, const Matrix& output, const Matrix& grad_output,
                  Matrix* grad_input) const;
};

// y = tanh(x), in (-1, 1);  dy/dx = 1 - y^2.
class Tanh {
public:
    void forward(const Matrix& input, Matrix& output) const;
    void backward(const Matrix& input, const Matrix& output, const Matrix& grad_output,
                  Matrix* grad_input) const;
};

// y = 1 / (1 + e^-x), in (0, 1);  dy/dx = y (1 - y).
class Sigmoid {
public:
    void forward(const Matrix& input, Matrix& output) const;
    void backward(const Matrix& input, const Matrix& output, const Matrix& grad_output,
                  Matrix* grad_input) const;
};

}  // namespace digits
