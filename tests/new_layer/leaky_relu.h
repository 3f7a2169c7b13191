// Leaky ReLU (Maas, Hannun and Ng, 2013): a layer that the library does not have, for new_layer.sh.
#pragma once

#include "network/layer.h"

namespace digits {

// y = x where x > 0, else x / 100;  dy/dx = 1 or 1/100. The sign of y is that of x, so the output
// alone tells which.
class LeakyRelu {
public:
    std::string name() const { return "leaky relu"; }
    Shape output_shape(const Shape& input) const { return input; }
    void forward(const Matrix& input, Matrix& output, const Pass&) const {
        output.resize(input.rows(), input.columns());
        for (std::size_t i = 0; i < input.size(); ++i) {
            output.data()[i] = input.data()[i] * slope(input.data()[i]);
        }
    }
    void backward(const Matrix&, const Matrix& output, const Matrix& grad_output,
                  Matrix* grad_input, const Pass&) const {
        if (!grad_input) return;
        grad_input->resize(output.rows(), output.columns());
        for (std::size_t i = 0; i < output.size(); ++i) {
            grad_input->data()[i] = grad_output.data()[i] * slope(output.data()[i]);
        }
    }
    std::vector<Parameter*> parameters() { return {}; }
    void append_branches(const Matrix&, const Matrix& output, Branches& branches) const {
        for (const float y : output.values()) branches.push_back(y > 0.0f ? 1 : 0);
    }

private:
    static float slope(float value) { return value > 0.0f ? 1.0f : 0.01f; }
};

}  // namespace digits
