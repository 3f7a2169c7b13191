#include "network/dense.h"

#include <cmath>

#include "check.h"

namespace digits {
namespace {

using testing::check;
using testing::check_equal;
using testing::check_near;
using testing::check_throws;

// X = [1 2]   W = [1 0 -1]   b = [10 20 30]
//     [3 4]       [2 1  0]
Dense small_dense() {
    Random random(1);
    Dense dense(2, 3, {InitializerKind::zeros}, random);
    dense.weight.value = Matrix{{1, 0, -1}, {2, 1, 0}};
    dense.bias.value = Matrix{{10, 20, 30}};
    return dense;
}

TEST(forward_is_the_weighted_sum_plus_the_bias) {
    Matrix output;
    small_dense().forward(Matrix{{1, 2}, {3, 4}}, output);
    // z[0][0] = 1*1 + 2*2 + 10 = 15, z[1][2] = 3*(-1) + 4*0 + 30 = 27, and so on.
    check(output == Matrix{{15, 22, 29}, {21, 24, 27}});
}

TEST(forward_overwrites_the_old_contents_of_the_output) {
    Matrix output(5, 7, std::nanf(""));
    small_dense().forward(Matrix{{1, 2}}, output);
    check(output == Matrix{{15, 22, 29}});
}

TEST(backward_computes_all_three_gradients) {
    Dense dense = small_dense();
    Matrix grad_input;
    dense.backward(Matrix{{1, 2}, {3, 4}}, Matrix(), Matrix{{1, 0, 2}, {0, 1, -1}}, &grad_input);
    // dW[i][o] = x[0][i] dz[0][o] + x[1][i] dz[1][o]:  dW[0][2] = 1*2 + 3*(-1) = -1.
    check(dense.weight.gradient == Matrix{{1, 3, -1}, {2, 4, 0}});
    check(dense.bias.gradient == Matrix{{1, 1, 1}});
    // dx[b][i] = sum over o of dz[b][o] w[i][o]:  dx[0][0] = 1*1 + 0*0 + 2*(-1) = -1.
    check(grad_input == Matrix{{-1, 2}, {1, 1}});
}

TEST(backward_replaces_the_gradients_of_the_previous_step) {
    Dense dense = small_dense();
    for (int step = 0; step < 2; ++step) {
        dense.backward(Matrix{{1, 2}}, Matrix(), Matrix{{1, 0, 0}}, nullptr);
    }
    check(dense.weight.gradient == Matrix{{1, 0, 0}, {2, 0, 0}});
    check(dense.bias.gradient == Matrix{{1, 0, 0}});
}

TEST(wrong_shapes_are_refused_and_both_shapes_are_named) {
    Dense dense = small_dense();
    Matrix output;
    check_throws([&] { dense.forward(Matrix(4, 5), output); },
                 "dense: input is 4x5 but the weight is 2x3");
    check_throws([&] { dense.backward(Matrix(4, 2), Matrix(), Matrix(4, 2), nullptr); },
                 "grad_output 4x2");
    Random random(1);
    check_throws([&] { Dense(0, 3, {}, random); },
                 "expected at least 1 input and 1 output, found 0");
}

// The standard deviation of n samples has itself a relative standard deviation of
// 1 / sqrt(2n) = 0.4 % for n = 30,000; the tests allow five times that, 2 %.
double deviation(const Matrix& matrix) {
    double sum = 0.0, sum_of_squares = 0.0;
    for (const float value : matrix.values()) {
        sum += static_cast<double>(value);
        sum_of_squares += static_cast<double>(value) * static_cast<double>(value);
    }
    const double n = static_cast<double>(matrix.size());
    return std::sqrt(sum_of_squares / n - sum / n * sum / n);
}

TEST(initializers_have_the_standard_deviation_of_their_papers) {
    Random random(3);
    Matrix weight(200, 150);
    initialize(weight, {InitializerKind::he}, random);
    check_near(deviation(weight), std::sqrt(2.0 / 200), 0.02 * std::sqrt(2.0 / 200));
    initialize(weight, {InitializerKind::xavier}, random);
    check_near(deviation(weight), std::sqrt(2.0 / 350), 0.02 * std::sqrt(2.0 / 350));
    initialize(weight, {InitializerKind::normal, 0.25}, random);
    check_near(deviation(weight), 0.25, 0.02 * 0.25);
    initialize(weight, {InitializerKind::zeros}, random);
    check(weight == Matrix(200, 150));
}

TEST(xavier_stays_within_its_limits) {
    Random random(3);
    Matrix weight(20, 30);
    initialize(weight, {InitializerKind::xavier}, random);
    for (const float value : weight.values()) check(std::abs(value) <= std::sqrt(6.0f / 50.0f));
}

TEST(the_bias_starts_at_zero) {
    Random random(1);
    check(Dense(3, 4, {InitializerKind::he}, random).bias.value == Matrix(1, 4));
}

}  // namespace
}  // namespace digits
