// The small example of chapter 12: twelve images of three classes, scored by the library, and
// checked against the scores worked out by hand in the text.
#pragma once

#include <cmath>
#include <cstdio>
#include <vector>

#include "../book.h"
#include "../shared.h"
#include "training/calibration.h"
#include "training/evaluation.h"
#include "training/metrics.h"
#include "training/metrics_text.h"

namespace digits {

// Some of the images, and what a network said about each.
struct Answer {
    std::size_t images, actual;
    std::vector<float> probabilities;
};

inline const Answer answers[] = {
    {4, 0, {0.90f, 0.05f, 0.05f}}, {2, 0, {0.50f, 0.25f, 0.25f}},  // six 0s, all right
    {1, 1, {0.05f, 0.90f, 0.05f}}, {1, 1, {0.25f, 0.50f, 0.25f}},  // four 1s: two right,
    {1, 1, {0.25f, 0.25f, 0.50f}}, {1, 1, {0.90f, 0.05f, 0.05f}},  // and two wrong
    {1, 2, {0.05f, 0.05f, 0.90f}}, {1, 2, {0.90f, 0.09f, 0.01f}},  // two 2s: right, and wrong
};

inline void by_hand(Chapter& book) {
    ConfusionMatrix matrix(3);
    std::vector<std::uint8_t> labels;
    std::vector<Prediction> predictions;
    double log_loss = 0.0;
    for (const Answer& answer : answers) {
        for (std::size_t i = 0; i < answer.images; ++i) {
            const std::size_t predicted = predicted_class(answer.probabilities);
            const float loss = -std::log(answer.probabilities[answer.actual]);
            matrix.add(answer.actual, predicted);
            labels.push_back(static_cast<std::uint8_t>(answer.actual));
            predictions.push_back(
                {static_cast<std::uint8_t>(predicted), answer.probabilities[predicted], loss});
            log_loss += as_double(loss) / 12;
        }
    }
    const double in_five = expected_calibration_error(confidence_bins(predictions, labels, 5));
    const double in_one = expected_calibration_error(confidence_bins(predictions, labels, 1));
    std::printf("%s\n%s\n", confusion_table(matrix).c_str(), classification_report(matrix).c_str());
    std::printf("log loss %.4f, of knowing nothing %.4f\n", log_loss, std::log(3.0));
    std::printf("calibration error in five bins %.4f, in one %.4f\n", in_five, in_one);
    const std::vector<ClassScores> scores = class_scores(matrix);
    const auto is = [](double a, double b) { return std::abs(a - b) < 1e-6; };
    book.claim(is(scores[0].precision, 6.0 / 8) && is(scores[0].f1, 12.0 / 14), "0: 6/8 and 12/14");
    book.claim(is(macro_average(scores).recall, 2.0 / 3), "the macro recall is 2/3");
    book.claim(is(weighted_average(scores).recall, matrix.accuracy()), "both are 9/12");
    book.claim(std::abs(log_loss - 11.6988 / 12) < 1e-5, "the losses sum to 11.6988");
    book.claim(is(in_five, 2.2 / 12) && is(in_one, 0.2 / 12), "2.2/12 in five bins, 0.2/12 in one");
}

}  // namespace digits
