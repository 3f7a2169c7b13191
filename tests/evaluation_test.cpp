#include "training/evaluation.h"

#include <cmath>
#include <limits>
#include <vector>

#include "check.h"
#include "training/ensemble.h"

namespace digits {
namespace {

using testing::check;
using testing::check_equal;
using testing::check_near;
using testing::check_throws;

// A single dense layer that outputs these logits for every image.
Model constant_model(const Matrix& logits) {
    Random random(1);
    Dense dense(3, logits.columns(), {InitializerKind::zeros}, random);
    dense.bias.value = logits;
    return {Network(3, {dense}), 1, 3};
}

TEST(an_ensemble_predicts_the_mean_of_its_probabilities) {
    // Probabilities 2/3, 1/3 and 1/2, 1/2 have the mean 7/12, 5/12.
    const Model sure = constant_model(Matrix{{static_cast<float>(std::log(2.0)), 0}});
    const Model unsure = constant_model(Matrix{{0, 0}});
    const std::vector<const Model*> ensemble{&sure, &unsure};
    const Dataset data{"two", 1, 3, 2, {1, 2, 3, 4, 5, 6}, {0, 1}};
    const Evaluation evaluation = evaluate(ensemble, data);
    check_near(evaluation.log_loss, -(std::log(7.0 / 12) + std::log(5.0 / 12)) / 2, 1e-6);
    check_near(evaluation.accuracy(), 0.5, 0);
    check_near(static_cast<double>(evaluation.predictions[1].confidence), 7.0 / 12, 1e-6);

    // The probability of the label may underflow to 0 in float.
    const Model wrong = constant_model(Matrix{{1000, 0}});
    const std::vector<const Model*> overconfident{&wrong, &wrong};
    check_near(evaluate(overconfident, data).log_loss, -std::log(0x1p-126) / 2, 1e-6);

    const Model three = constant_model(Matrix{{0, 0, 0}});
    const std::vector<const Model*> mismatched{&sure, &three};
    check_throws([&] { evaluate(mismatched, data); }, "cannot form an ensemble");
    check_throws([&] { evaluate(std::vector<const Model*>{}, data); }, "at least one model");
}

TEST(an_evaluation_counts_every_image_and_lists_the_mistakes) {
    // A single dense layer that copies pixels 0, 1 and 2 to the logits, so that the pixels
    // determine the predictions.
    Random random(1);
    Dense dense(3, 3, {InitializerKind::zeros}, random);
    dense.weight.value = Matrix{{10, 0, 0}, {0, 10, 0}, {0, 0, 10}};
    const Network network(3, {dense});
    const Dataset data{"three", 1, 3, 3, {255, 0, 0, 0, 255, 0, 255, 0, 51}, {0, 1, 2}};
    const Evaluation evaluation = evaluate(network, data);
    check_equal(evaluation.confusion(0, 0), 1u);
    check_equal(evaluation.confusion(1, 1), 1u);
    check_equal(evaluation.confusion(2, 0), 1u);
    check_near(evaluation.accuracy(), 2.0 / 3.0, 1e-12);
    // With logits 10, 0, 0, the loss of a correct prediction is log(1 + 2 e^-10). The third image
    // has the logits 10, 0, 2 and the label 2: 8 + log(1 + e^-10 + e^-8).
    const double right = std::log(1 + 2 * std::exp(-10.0));
    const double wrong = 8 + std::log(1 + std::exp(-10.0) + std::exp(-8.0));
    check_near(evaluation.log_loss, (2 * right + wrong) / 3, 1e-6);
    check_equal(int{evaluation.predictions[2].predicted}, 0);
    check_near(static_cast<double>(evaluation.predictions[2].confidence),
               1 / (1 + std::exp(-10.0) + std::exp(-8.0)), 1e-6);
    const std::vector<std::size_t> mistakes = worst_mistakes(evaluation, data, 10);
    check_equal(mistakes.size(), 1u);
    check_equal(mistakes[0], 2u);
    check_throws(
        [&] {
            evaluate(network, Dataset{"void", 1, 3, 3, {}, {}});
        },
        "void contains no images");
}

TEST(the_worst_mistakes_come_first_and_ties_in_order) {
    // Logits 10 x, 0: the brighter the pixel, the larger the loss. The last prediction is correct.
    Random random(1);
    Dense dense(1, 2, {InitializerKind::zeros}, random);
    dense.weight.value = Matrix{{10, 0}};
    const Dataset data{"four", 1, 1, 2, {51, 255, 51, 102, 255}, {1, 1, 1, 1, 0}};
    const Evaluation evaluation = evaluate(Network(1, {dense}), data);
    const std::vector<std::size_t> expected{1, 3, 0};
    const std::vector<std::size_t> mistakes = worst_mistakes(evaluation, data, 3);
    check_equal(mistakes.size(), 3u);
    for (std::size_t i = 0; i < 3; ++i) check_equal(mistakes[i], expected[i]);
}

TEST(of_equal_logits_the_first_class_is_predicted) {
    check_equal(predicted_class(std::vector<float>{1, 3, 3}), 1u);
}

TEST(a_ranking_goes_from_the_largest_to_the_smallest_with_nan_last) {
    const float nan = std::nanf("");
    const std::vector<float> values{nan, 0.2f, 0.5f, nan, 0.2f, 0.1f};
    check(ranking(values) == std::vector<std::size_t>{2, 1, 4, 5, 0, 3});
}

TEST(logits_that_overflow_are_an_error) {
    Random random(1);
    Dense dense(1, 2, {InitializerKind::zeros}, random);
    const float huge = std::numeric_limits<float>::max();
    dense.weight.value = Matrix{{huge, -huge}};
    dense.bias.value = Matrix{{huge, -huge}};
    const Network network(1, {dense});
    const Dataset overflows{"two", 1, 1, 2, {0, 255}, {1, 1}};  // the second does
    check_throws([&] { evaluate(network, overflows); },
                 "evaluate: expected finite logits, found inf");
    const Model model{network, 1, 1, {"0", "1"}};
    const Model* const two[] = {&model, &model};
    check_throws([&] { evaluate(two, overflows); }, "evaluate: expected finite logits, found inf");
    const Dataset fits{"one", 1, 1, 2, {0}, {1}};
    check_equal(evaluate(network, fits).confusion.total(), 1u);

    const Matrix negative{{0.0f, -std::numeric_limits<float>::infinity()}};
    check_throws([&] { require_finite_logits(negative, "a"); },
                 "a: expected finite logits, found -inf");
}

// Also of an Evaluation that another program filled in.
TEST(a_loss_that_is_not_a_number_is_the_worst_mistake) {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const Dataset data{"three", 1, 1, 2, {0, 0, 0}, {1, 1, 1}};
    const Evaluation evaluation{
        ConfusionMatrix(2), 0.0, {{0, 0.9f, 5.0f}, {0, nan, nan}, {0, 1, 9.0f}}};
    check(worst_mistakes(evaluation, data, 3) == std::vector<std::size_t>{1, 2, 0});
}

TEST(a_data_set_that_was_changed_so_that_it_no_longer_fits_is_refused) {
    Random random(1);
    Dense dense(3, 3, {InitializerKind::zeros}, random);
    const Network network(3, {dense});
    Dataset data{"three", 1, 3, 3, std::vector<std::uint8_t>(9), {0, 1, 2}};
    data.labels.push_back(0);
    check_throws([&] { evaluate(network, data); }, "evaluate: three has 4 labels for 3 images");
    data.labels = {0, 1, 7};
    check_throws([&] { evaluate(network, data); },
                 "evaluate: label 2 of three is 7; expected less than 3");
}

}  // namespace
}  // namespace digits
