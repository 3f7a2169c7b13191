#include "network/dense.h"

#include <algorithm>

#include "linalg/gemm.h"

namespace digits {

Dense::Dense(std::size_t inputs, std::size_t outputs, const Initializer& initializer,
             Random& random)
    : weight{"weight", Matrix(inputs, outputs), Matrix(inputs, outputs)},
      bias{"bias", Matrix(1, outputs), Matrix(1, outputs)} {
    require(inputs > 0 && outputs > 0, "dense: expected at least 1 input and 1 output, found ",
            inputs, " inputs and ", outputs, " outputs");
    initialize(weight.value, initializer, random);
}

std::string Dense::name() const {
    return str_cat("dense ", outputs());
}

Shape Dense::output_shape(const Shape& input) const {
    require(input.size() == inputs(), "dense: the input has ", input.size(),
            " values but the weight expects ", inputs());
    return outputs();
}

void Dense::forward(const Matrix& input, Matrix& output, const Pass&) const {
    require(input.columns() == inputs(), "dense: input is ", shape(input), " but the weight is ",
            shape(weight.value));
    // Initialize every row with the bias; gemm() adds the product to it.
    output.resize(input.rows(), outputs());
    for (std::size_t example = 0; example < output.rows(); ++example) {
        std::ranges::copy(bias.value.values(), output.row(example).begin());
    }
    gemm(input, weight.value, output, 1.0f);
}

void Dense::backward(const Matrix& input, const Matrix&, const Matrix& grad_output,
                     Matrix* grad_input, const Pass&) {
    require(input.columns() == inputs() && grad_output.columns() == outputs() &&
                input.rows() == grad_output.rows(),
            "dense: input is ", shape(input), " and grad_output ", shape(grad_output),
            " but the weight is ", shape(weight.value));
    gemm(transposed(input), grad_output, weight.gradient);

    // bias[o] is added to z[b][o] for every example b, so its gradient sums dz[b][o] over b.
    bias.gradient.fill(0.0f);
    const std::span<float> sums = bias.gradient.row(0);
    for (std::size_t example = 0; example < grad_output.rows(); ++example) {
        const std::span<const float> row = grad_output.row(example);
        for (std::size_t o = 0; o < sums.size(); ++o) sums[o] += row[o];
    }

    if (grad_input) gemm(grad_output, transposed(weight.value), *grad_input);
}

}  // namespace digits
