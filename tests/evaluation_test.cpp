#include "training/evaluation.h"

#include <cmath>
#include <vector>

#include "check.h"

namespace digits {
namespace {

using testing::check_equal;
using testing::check_near;
using testing::check_throws;

TEST(an_evaluation_reads_every_picture_and_knows_its_mistakes) {
    // A single dense layer that copies pixels 0, 1 and 2 to the logits: what it reads is in our
    // hands.
    Random random(1);
    Dense dense(3, 3, {InitializerKind::zeros}, random);
    dense.weight.value = Matrix{{10, 0, 0}, {0, 10, 0}, {0, 0, 10}};
    const Network network({dense});
    const Dataset data{"three", 1, 3, 3, {255, 0, 0, 0, 255, 0, 255, 0, 51}, {0, 1, 2}};
    const Evaluation evaluation = evaluate(network, data);
    check_equal(evaluation.confusion(0, 0), 1u);
    check_equal(evaluation.confusion(1, 1), 1u);
    check_equal(evaluation.confusion(2, 0), 1u);
    check_near(evaluation.accuracy(), 2.0 / 3.0, 1e-12);
    // Logits 10, 0, 0: the loss of the right class is log(1 + 2 e^-10). Of the third picture they
    // are 10, 0, 2 and class 2 is right: 8 + log(1 + e^-10 + e^-8).
    const double right = std::log(1 + 2 * std::exp(-10.0));
    const double wrong = 8 + std::log(1 + std::exp(-10.0) + std::exp(-8.0));
    check_near(evaluation.log_loss, (2 * right + wrong) / 3, 1e-6);
    check_equal(int{evaluation.readings[2].predicted}, 0);
    check_near(static_cast<double>(evaluation.readings[2].confidence),
               1 / (1 + std::exp(-10.0) + std::exp(-8.0)), 1e-6);
    const std::vector<std::size_t> mistakes = worst_mistakes(evaluation, data, 10);
    check_equal(mistakes.size(), 1u);
    check_equal(mistakes[0], 2u);
    check_throws(
        [&] {
            evaluate(network, Dataset{"void", 1, 3, 3, {}, {}});
        },
        "void holds no pictures");
}

TEST(the_worst_mistakes_come_first_and_equals_in_order) {
    // Logits 10 x: picture i costs more the larger its first pixel is. The last is read correctly.
    Random random(1);
    Dense dense(1, 2, {InitializerKind::zeros}, random);
    dense.weight.value = Matrix{{10, 0}};
    const Dataset data{"four", 1, 1, 2, {51, 255, 51, 102, 255}, {1, 1, 1, 1, 0}};
    const Evaluation evaluation = evaluate(Network({dense}), data);
    const std::vector<std::size_t> expected{1, 3, 0};
    const std::vector<std::size_t> mistakes = worst_mistakes(evaluation, data, 3);
    check_equal(mistakes.size(), 3u);
    for (std::size_t i = 0; i < 3; ++i) check_equal(mistakes[i], expected[i]);
}

TEST(of_equal_logits_the_first_class_is_read) {
    check_equal(predicted_class(std::vector<float>{1, 3, 3}), 1u);
}

}  // namespace
}  // namespace digits
