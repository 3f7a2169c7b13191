#include "network/activation.h"

#include <cmath>
#include <limits>

#include "check.h"
#include "network/dropout.h"
#include "util/parallel.h"
#include "util/random.h"

namespace digits {
namespace {

using testing::check;
using testing::check_equal;
using testing::check_near;
using testing::check_throws;

constexpr float infinity = std::numeric_limits<float>::infinity();

TEST(relu_replaces_negative_inputs_by_zero) {
    Matrix output;
    Relu().forward(Matrix{{-2, 0, 3}}, output);
    check(output == Matrix{{0, 0, 3}});
}

TEST(relu_blocks_the_gradient_where_the_input_was_not_positive) {
    Matrix grad_input;
    Relu().backward(Matrix{{-2, 0, 3}}, Matrix{{0, 0, 3}}, Matrix{{5, 6, 7}}, &grad_input);
    check(grad_input == Matrix{{0, 0, 7}});
}

TEST(nan_propagates_through_every_activation) {
    // If it were hidden here, it would be noticed much later and elsewhere.
    const Matrix input{{std::nanf("")}};
    Matrix output;
    Relu().forward(input, output);
    check(std::isnan(output(0, 0)));
    Tanh().forward(input, output);
    check(std::isnan(output(0, 0)));
    Sigmoid().forward(input, output);
    check(std::isnan(output(0, 0)));
}

TEST(tanh_and_sigmoid_have_their_values_at_one_half) {
    Matrix output;
    // tanh(0.5) = (e - 1) / (e + 1) = 1.7182818 / 3.7182818, rounded to float: 2^-24 relative.
    Tanh().forward(Matrix{{0.5f}}, output);
    check_near(static_cast<double>(output(0, 0)), 0.46211715726000976, 1e-7);
    // 1 / (1 + e^-0.5) = 1 / 1.60653066
    Sigmoid().forward(Matrix{{0.5f}}, output);
    check_near(static_cast<double>(output(0, 0)), 0.6224593312018546, 1e-7);
}

TEST(tanh_and_sigmoid_saturate_without_overflow) {
    Matrix output;
    Tanh().forward(Matrix{{-infinity, -1000, 1000, infinity}}, output);
    check(output == Matrix{{-1, -1, 1, 1}});
    Sigmoid().forward(Matrix{{-infinity, -1000, 1000, infinity}}, output);
    check(output == Matrix{{0, 0, 1, 1}});
}

// Central differences with h = 1e-2 have an error of h^2 / 6 times the third derivative, which is
// at most 2: 3e-5. Rounding y to float adds 6e-8 / 2h = 3e-6.
template <class Function>
void check_derivative(const Function& activation) {
    for (const float x : {-3.0f, -1.0f, -0.3f, 0.2f, 0.7f, 2.5f}) {
        Matrix above, below, output, grad_input;
        activation.forward(Matrix{{x + 0.01f}}, above);
        activation.forward(Matrix{{x - 0.01f}}, below);
        activation.forward(Matrix{{x}}, output);
        activation.backward(Matrix{{x}}, output, Matrix{{2}}, &grad_input);
        const double slope = static_cast<double>(above(0, 0) - below(0, 0)) / 0.02;
        check_near(static_cast<double>(grad_input(0, 0)), 2 * slope, 1e-4);
    }
}

TEST(every_derivative_matches_finite_differences) {
    check_derivative(Relu());
    check_derivative(Tanh());
    check_derivative(Sigmoid());
}

TEST(activations_are_the_same_for_every_thread_count) {
    Random random(1);
    Matrix input(300, 700), alone, together;
    for (float& value : input.values()) value = static_cast<float>(random.normal());
    set_thread_count(1);
    Tanh().forward(input, alone);
    set_thread_count(3);
    Tanh().forward(input, together);
    set_thread_count(0);
    check(alone == together);
}

TEST(different_shapes_are_refused) {
    Matrix grad_input;
    check_throws([&] { Relu().backward(Matrix(), Matrix(2, 3), Matrix(3, 2), &grad_input); },
                 "output is 2x3 but grad_output is 3x2");
}

TEST(dropout_drops_the_given_share_and_scales_the_rest) {
    const Matrix input(100, 1000, 1.0f);
    Matrix output;
    Dropout(0.25).forward(input, output, {17});
    std::size_t dropped = 0;
    for (const float value : output.values()) {
        check(value == 0.0f || value == 1.0f / 0.75f);
        dropped += value == 0.0f;
    }
    // Binomial: 25,000 expected, standard deviation sqrt(100,000 * 0.25 * 0.75) = 137. The
    // tolerance is five standard deviations.
    check_near(static_cast<double>(dropped), 25000, 5 * 137);
}

TEST(dropout_drops_the_same_elements_in_the_backward_pass) {
    const Matrix ones(10, 50, 1.0f);
    Matrix output, grad_input;
    Dropout(0.5).forward(ones, output, {3});
    Dropout(0.5).backward(ones, output, ones, &grad_input, {3});
    check(output == grad_input);
}

TEST(dropout_drops_different_elements_with_a_different_key) {
    const Matrix ones(10, 50, 1.0f);
    Matrix one, other;
    Dropout(0.5).forward(ones, one, {3});
    Dropout(0.5).forward(ones, other, {4});
    check(one != other);
}

TEST(dropout_refuses_a_rate_that_would_drop_everything) {
    check_throws([] { Dropout(1.0); }, "dropout: expected a rate in [0, 1), found 1");
    check_throws([] { Dropout(-0.1); }, "found -0.1");
}

}  // namespace
}  // namespace digits
