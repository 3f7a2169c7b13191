#include "network/activation.h"

#include <cmath>

#include "util/parallel.h"

namespace digits {
namespace {

// Minimum number of elements per thread: fewer are finished before a second thread wakes up.
constexpr std::size_t cheap_grain = 32768;  // one comparison or product per element
constexpr std::size_t costly_grain = 2048;  // one exponential per element

// output[i] = function(input[i])
template <class Function>
void map(const Matrix& input, Matrix& output, std::size_t grain, Function function) {
    output.resize(input.rows(), input.columns());
    const float* const x = input.data();
    float* const y = output.data();
    parallel_for(0, input.size(), grain, [=](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) y[i] = function(x[i]);
    });
}

// grad_input[i] = grad_output[i] * derivative(output[i])
template <class Derivative>
void chain(const Matrix& output, const Matrix& grad_output, Matrix* grad_input,
           Derivative derivative) {
    require(have_same_shape(output, grad_output), "activation: output is ", shape(output),
            " but grad_output is ", shape(grad_output));
    if (!grad_input) return;
    grad_input->resize(output.rows(), output.columns());
    const float* const y = output.data();
    const float* const dy = grad_output.data();
    float* const dx = grad_input->data();
    parallel_for(0, output.size(), cheap_grain, [=](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) dx[i] = dy[i] * derivative(y[i]);
    });
}

}  // namespace

void Relu::forward(const Matrix& input, Matrix& output, const Pass&) const {
    // NaN fails the comparison and propagates, so that it shows up in the loss.
    map(input, output, cheap_grain, [](float x) { return x < 0.0f ? 0.0f : x; });
}

void Relu::backward(const Matrix&, const Matrix& output, const Matrix& grad_output,
                    Matrix* grad_input, const Pass&) const {
    chain(output, grad_output, grad_input, [](float y) { return y > 0.0f ? 1.0f : 0.0f; });
}

void Relu::append_branches(const Matrix&, const Matrix& output, Branches& branches) const {
    for (const float y : output.values()) branches.push_back(y > 0.0f ? 1 : 0);
}

void Tanh::forward(const Matrix& input, Matrix& output, const Pass&) const {
    map(input, output, costly_grain, [](float x) { return std::tanh(x); });
}

void Tanh::backward(const Matrix&, const Matrix& output, const Matrix& grad_output,
                    Matrix* grad_input, const Pass&) const {
    chain(output, grad_output, grad_input, [](float y) { return 1.0f - y * y; });
}

void Sigmoid::forward(const Matrix& input, Matrix& output, const Pass&) const {
    // For x < -88, exp(-x) overflows to infinity, and 1 / infinity is 0, the correct limit.
    map(input, output, costly_grain, [](float x) { return 1.0f / (1.0f + std::exp(-x)); });
}

void Sigmoid::backward(const Matrix&, const Matrix& output, const Matrix& grad_output,
                       Matrix* grad_input, const Pass&) const {
    chain(output, grad_output, grad_input, [](float y) { return y * (1.0f - y); });
}

}  // namespace digits
