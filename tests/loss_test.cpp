#include "network/loss.h"

#include <cmath>
#include <limits>
#include <vector>

#include "check.h"

namespace digits {
namespace {

using testing::check;
using testing::check_equal;
using testing::check_near;
using testing::check_throws;

using Labels = std::vector<std::uint8_t>;

double as_double(float value) {
    return static_cast<double>(value);
}

TEST(equal_logits_have_the_loss_log_of_the_class_count) {
    Matrix grad;
    check_near(softmax_cross_entropy(Matrix(3, 10, 7.0f), Labels{0, 5, 9}, grad), std::log(10.0),
               1e-12);
}

TEST(a_loss_computed_by_hand) {
    // Z = [log 1, log 2, log 5] gives P = [1/8, 2/8, 5/8]; with label 1, L = -log(1/4) = log 4.
    Matrix logits{{0.0f, std::log(2.0f), std::log(5.0f)}}, grad, probabilities;
    check_near(softmax_cross_entropy(logits, Labels{1}, grad), std::log(4.0), 1e-7);
    // dZ = P - onehot(1)
    check_near(as_double(grad(0, 0)), 0.125, 1e-7);
    check_near(as_double(grad(0, 1)), 0.25 - 1, 1e-7);
    check_near(as_double(grad(0, 2)), 0.625, 1e-7);
    softmax(logits, probabilities);
    check_near(as_double(probabilities(0, 2)), 0.625, 1e-7);
    check_near(cross_entropy(logits.row(0), 1), std::log(4.0), 1e-7);
}

TEST(the_sum_is_the_mean_times_the_batch_size) {
    const Matrix logits{{1, 2, 3}, {0, -1, 4}};
    Matrix grad_mean, grad_sum;
    const double mean = softmax_cross_entropy(logits, Labels{0, 2}, grad_mean);
    const double sum = softmax_cross_entropy(logits, Labels{0, 2}, grad_sum, {0.0, Reduction::sum});
    check_near(sum, 2 * mean, 1e-12);
    for (std::size_t c = 0; c < 3; ++c) {
        check_near(as_double(grad_sum(1, c)), 2 * as_double(grad_mean(1, c)), 1e-7);
    }
}

TEST(label_smoothing_spreads_its_share_over_all_classes) {
    // P = [1/8, 2/8, 5/8], label 1, smoothing 0.3: T = [0.1, 0.8, 0.1], so
    // L = 0.1 log 8 + 0.8 log 4 + 0.1 log(8/5) and dZ = P - T.
    const Matrix logits{{0.0f, std::log(2.0f), std::log(5.0f)}};
    Matrix grad;
    const double loss = softmax_cross_entropy(logits, Labels{1}, grad, {0.3, Reduction::mean});
    check_near(loss, 0.1 * std::log(8.0) + 0.8 * std::log(4.0) + 0.1 * std::log(1.6), 1e-7);
    check_near(as_double(grad(0, 0)), 0.125 - 0.1, 1e-7);
    check_near(as_double(grad(0, 1)), 0.25 - 0.8, 1e-7);
}

TEST(the_gradient_of_each_row_sums_to_zero) {
    // Adding the same number to all logits of a row does not change the loss.
    Matrix grad;
    softmax_cross_entropy(Matrix{{3, -2, 0.5f, 9}, {1, 1, 1, 2}}, Labels{3, 0}, grad,
                          {0.1, Reduction::mean});
    for (std::size_t row = 0; row < 2; ++row) {
        double sum = 0.0;
        for (const float value : grad.row(row)) sum += as_double(value);
        check_near(sum, 0.0, 1e-7);
    }
}

TEST(huge_logits_do_not_overflow) {
    Matrix grad, probabilities;
    const Matrix logits{{10000, 0, -10000}};
    check_near(softmax_cross_entropy(logits, Labels{0}, grad), 0.0, 1e-12);
    check_near(softmax_cross_entropy(logits, Labels{2}, grad), 20000.0, 1e-9);
    check(grad == Matrix{{1, 0, -1}});
    softmax(logits, probabilities);
    check(probabilities == Matrix{{1, 0, 0}});
}

TEST(an_infinite_logit_makes_the_loss_nan) {
    Matrix grad;
    const float infinity = std::numeric_limits<float>::infinity();
    check(std::isnan(softmax_cross_entropy(Matrix{{infinity, 0}}, Labels{1}, grad)));
}

TEST(an_impossible_class_that_is_not_the_label_costs_nothing) {
    // Its logarithm is -infinity, and its target is 0: the product would be NaN.
    Matrix grad;
    const float infinity = std::numeric_limits<float>::infinity();
    check_near(softmax_cross_entropy(Matrix{{0, -infinity, 0}}, Labels{0}, grad), std::log(2.0),
               1e-15);
    check(grad == Matrix{{-0.5f, 0, 0.5f}});
}

TEST(invalid_arguments_are_refused) {
    Matrix grad;
    check_throws([&] { softmax_cross_entropy(Matrix(2, 3), Labels{0}, grad); },
                 "logits are 2x3 for 1 labels");
    check_throws([&] { softmax_cross_entropy(Matrix(0, 3), Labels{}, grad); }, "at least one");
    check_throws([&] { softmax_cross_entropy(Matrix(1, 3), Labels{3}, grad); },
                 "label 3 is not one of the 3 classes");
    check_throws(
        [&] {
            softmax_cross_entropy(Matrix(1, 3), Labels{0}, grad, {1.0, Reduction::mean});
        },
        "expected a label_smoothing in [0, 1), found 1");
    check_throws([&] { softmax(Matrix(3, 0), grad); }, "expected at least one class");
}

}  // namespace
}  // namespace digits
