#include "training/metrics.h"

#include <sstream>
#include <string>
#include <vector>

#include "check.h"
#include "golden_file.h"
#include "training/metrics_text.h"

namespace digits {
namespace {

using testing::check;
using testing::check_contains;
using testing::check_equal;
using testing::check_near;
using testing::check_throws;
using testing::golden_text;

// Small enough to check every score by hand: three zeros, two ones and a two.
ConfusionMatrix by_hand() {
    ConfusionMatrix matrix(4);
    matrix.add(0, 0);
    matrix.add(0, 0);
    matrix.add(0, 1);
    matrix.add(1, 1);
    matrix.add(1, 2);
    matrix.add(2, 0);
    return matrix;
}

std::vector<std::size_t> numbers(const std::string& line) {
    std::istringstream stream(line);
    std::vector<std::size_t> values;
    for (std::size_t value = 0; stream >> value;) values.push_back(value);
    return values;
}

// A .labels file: the true labels in its first line, the predicted ones in its second.
ConfusionMatrix matrix_of(const std::string& golden_name, std::size_t classes) {
    std::istringstream lines(golden_text(golden_name + ".labels"));
    std::string line;
    std::getline(lines, line);
    const std::vector<std::size_t> actual = numbers(line);
    std::getline(lines, line);
    const std::vector<std::size_t> predicted = numbers(line);
    check(!actual.empty() && actual.size() == predicted.size());
    ConfusionMatrix matrix(classes);
    for (std::size_t i = 0; i < actual.size(); ++i) matrix.add(actual[i], predicted[i]);
    return matrix;
}

struct Golden {
    std::string name;
    std::size_t classes;
};
const std::vector<Golden> golden_cases = {{"perfect", 3},
                                          {"never-predicted", 3},
                                          {"absent-class", 4},
                                          {"all-wrong", 2},
                                          {"ten-classes", 10}};

TEST(the_report_equals_that_of_scikit_learn_byte_for_byte) {
    for (const Golden& golden : golden_cases) {
        check_equal(classification_report(matrix_of(golden.name, golden.classes)),
                    golden_text(golden.name + ".report"));
    }
}

TEST(the_counts_equal_those_of_scikit_learn_byte_for_byte) {
    for (const Golden& golden : golden_cases) {
        check_equal(confusion_text(matrix_of(golden.name, golden.classes)),
                    golden_text(golden.name + ".confusion"));
    }
}

TEST(rows_are_actual_classes_and_columns_predicted_ones) {
    const ConfusionMatrix matrix = by_hand();
    check_equal(matrix(1, 2), 1u);
    check_equal(matrix(2, 1), 0u);
    check_equal(matrix.total(), 6u);
    check_equal(matrix.correct(), 3u);
    check_equal(matrix.accuracy(), 0.5);
}

TEST(scores_equal_the_quotients_computed_by_hand) {
    const std::vector<ClassScores> scores = class_scores(by_hand());
    check_equal(scores[0].precision, 2.0 / 3.0);  // of the three predicted as 0, two are
    check_equal(scores[0].recall, 2.0 / 3.0);     // of the three zeros, two were predicted as 0
    check_equal(scores[1].precision, 1.0 / 2.0);
    check_equal(scores[1].recall, 1.0 / 2.0);
    check_equal(scores[1].f1, 1.0 / 2.0);
    check_equal(scores[0].support, 3u);
    check_equal(scores[2].support, 1u);
}

TEST(f1_is_the_harmonic_mean_of_precision_and_recall) {
    ConfusionMatrix matrix(2);
    for (int i = 0; i < 3; ++i) matrix.add(0, 0);
    for (int i = 0; i < 2; ++i) matrix.add(1, 0);
    matrix.add(0, 1);
    const ClassScores zero = class_scores(matrix)[0];
    check_equal(zero.precision, 3.0 / 5.0);
    check_equal(zero.recall, 3.0 / 4.0);
    check_near(zero.f1, 2.0 / (5.0 / 3.0 + 4.0 / 3.0), 1e-15);
}

TEST(a_score_whose_denominator_is_zero_is_zero) {
    const std::vector<ClassScores> scores = class_scores(by_hand());
    check_equal(scores[2].precision, 0.0);  // predicted once, never correctly
    check_equal(scores[3].precision, 0.0);  // never predicted
    check_equal(scores[3].recall, 0.0);     // not in the data
    check_equal(scores[3].f1, 0.0);
}

TEST(macro_average_counts_classes_and_weighted_average_counts_images) {
    const std::vector<ClassScores> scores = class_scores(by_hand());
    const ClassScores macro = macro_average(scores);
    check_near(macro.recall, (2.0 / 3.0 + 1.0 / 2.0) / 4.0, 1e-15);
    check_equal(macro.support, 6u);
    // Recall times support is the number of correct predictions, so the average is the accuracy.
    check_near(weighted_average(scores).recall, 0.5, 1e-15);
    check_near(weighted_average(scores).precision, (3 * 2.0 / 3.0 + 2 * 0.5 + 0.0) / 6.0, 1e-15);
}

// The mean of these ten recalls is exactly 0.94725, so its fourth decimal depends on the order of
// the additions: 0.9472 in NumPy's order, 0.9473 from left to right.
TEST(a_tie_in_the_fourth_decimal_is_rounded_as_in_scikit_learn) {
    const std::vector<std::size_t> right = {384, 398, 389, 372, 377, 376, 366, 360, 391, 376};
    ConfusionMatrix matrix(10);
    for (std::size_t c = 0; c < 10; ++c) {
        for (std::size_t i = 0; i < 400; ++i) matrix.add(c, i < right[c] ? c : (c + 1) % 10);
    }
    check_contains(classification_report(matrix), "   macro avg     0.9478    0.9472    0.9472");
}

TEST(the_standard_error_of_an_accuracy_is_binomial) {
    check_near(accuracy_standard_error(0.985, 10000), 0.0012155, 5e-8);
    check_equal(accuracy_standard_error(0.5, 100), 0.05);
    check_equal(accuracy_standard_error(1.0, 100), 0.0);
    check_throws([] { accuracy_standard_error(98.5, 100); }, "in [0, 1]");
    check_throws([] { accuracy_standard_error(0.5, 0); }, "of 0 images");
}

TEST(most_confused_pairs_are_sorted_by_count_and_ties_by_class) {
    ConfusionMatrix matrix(10);
    for (int i = 0; i < 9; ++i) matrix.add(8, 8);
    for (int i = 0; i < 2; ++i) matrix.add(7, 1);
    for (int i = 0; i < 3; ++i) matrix.add(9, 4);
    for (int i = 0; i < 2; ++i) matrix.add(4, 9);
    for (int i = 0; i < 2; ++i) matrix.add(4, 6);
    const std::vector<ConfusedPair> all = {{9, 4, 3}, {4, 6, 2}, {4, 9, 2}, {7, 1, 2}};
    check(most_confused_pairs(matrix, 100) == all);
    check(most_confused_pairs(matrix, 2) ==
          std::vector<ConfusedPair>(all.begin(), all.begin() + 2));
    check(most_confused_pairs(matrix, 0).empty());

    ConfusionMatrix even(10);
    for (std::size_t i = 0; i < 100; ++i) even.add(i / 10, i % 10);
    const std::vector<ConfusedPair> pairs = most_confused_pairs(even, 100);
    check_equal(pairs.size(), 90u);
    for (std::size_t i = 1; i < pairs.size(); ++i) {
        const ConfusedPair &before = pairs[i - 1], &here = pairs[i];
        check(10 * before.actual + before.predicted < 10 * here.actual + here.predicted);
    }
}

TEST(the_table_has_a_dot_for_zero) {
    check_equal(confusion_table(by_hand()),
                "        predicted\n"
                "actual  0  1  2  3\n"
                "     0  2  1  .  .\n"
                "     1  .  1  1  .\n"
                "     2  1  .  .  .\n"
                "     3  .  .  .  .\n");
}

TEST(a_table_that_is_too_wide_becomes_a_list_of_the_most_frequent_mistakes) {
    ConfusionMatrix matrix(256);
    for (int i = 0; i < 12; ++i) matrix.add(0, 0);
    for (std::size_t other : {5u, 4u, 255u, 255u, 3u}) matrix.add(0, other);
    const std::string table = confusion_table(matrix);
    check_contains(table,
                   "actual  correct  most frequent mistakes\n"
                   "     0    12/17  2 as 255, 1 as 3, 1 as 4\n"
                   "     1      0/0\n");
    check_contains(table, "   255      0/0\n");
}

TEST(class_names_are_aligned_by_characters_and_not_by_bytes) {
    ConfusionMatrix matrix(2);
    matrix.add(0, 0);
    matrix.add(1, 0);
    const std::vector<std::string> names = {"é", "ab"};
    check_equal(confusion_table(matrix, names),
                "        predicted\n"
                "actual   é  ab\n"
                "     é   1   .\n"
                "    ab   1   .\n");
    check_contains(classification_report(matrix, names), "\n           é     0.5000    1.0000");
    check_throws([&] { classification_report(matrix, std::vector<std::string>{"one"}); },
                 "1 class names for 2 classes");
}

TEST(impossible_classes_and_empty_matrices_are_refused) {
    check_throws([] { ConfusionMatrix(0); }, "at least one class");
    ConfusionMatrix matrix(3);
    check_throws([&] { matrix.add(0, 3); }, "only 3 classes");
    check_throws([&] { matrix.add(3, 0); }, "only 3 classes");
    check_throws([&] { matrix(0, 3); }, "no entry (0, 3)");
    check_throws([&] { matrix.accuracy(); }, "no images");
    check_throws([&] { classification_report(matrix); }, "no images");
    check_throws([&] { confusion_table(matrix); }, "no images");
    check(most_confused_pairs(matrix, 5).empty());
}

}  // namespace
}  // namespace digits
