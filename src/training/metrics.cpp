#include "training/metrics.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "util/require.h"

namespace digits {

ConfusionMatrix::ConfusionMatrix(std::size_t classes)
    : classes_(classes), counts_(classes * classes, 0) {
    require(classes > 0, "metrics: a confusion matrix needs at least one class");
}

void ConfusionMatrix::add(std::size_t actual, std::size_t predicted, std::size_t count) {
    require(actual < classes_ && predicted < classes_, "metrics: an image of class ", actual,
            " predicted as ", predicted, ", but there are only ", classes_, " classes");
    counts_[actual * classes_ + predicted] += count;
}

std::size_t ConfusionMatrix::operator()(std::size_t actual, std::size_t predicted) const {
    require(actual < classes_ && predicted < classes_, "metrics: no entry (", actual, ", ",
            predicted, ") among ", classes_, " classes");
    return counts_[actual * classes_ + predicted];
}

std::size_t ConfusionMatrix::total() const {
    return std::accumulate(counts_.begin(), counts_.end(), std::size_t{0});
}

std::size_t ConfusionMatrix::correct() const {
    std::size_t sum = 0;
    for (std::size_t c = 0; c < classes_; ++c) sum += counts_[c * classes_ + c];
    return sum;
}

namespace {

double quotient(std::size_t numerator, std::size_t denominator) {
    if (denominator == 0) return 0.0;
    return static_cast<double>(numerator) / static_cast<double>(denominator);
}

void require_some_images(const ConfusionMatrix& matrix) {
    require(matrix.total() > 0, "metrics: no images were counted, so there is nothing to score");
}

// NumPy's pairwise summation: eight partial sums, or two halves for more than 128 values. The order
// of the additions matters where an average lies exactly between two four-digit numbers, which is
// common when all classes have the same support: with 10 classes of 4,000 (EMNIST digits), adding
// from left to right rounds 4 % of the macro averages to the other neighbour.
double sum_as_numpy(std::span<const double> values) {
    if (values.size() < 8) return std::accumulate(values.begin(), values.end(), 0.0);
    if (values.size() > 128) {
        const std::size_t half = values.size() / 2 / 8 * 8;
        return sum_as_numpy(values.first(half)) + sum_as_numpy(values.subspan(half));
    }
    double sums[8] = {};
    const std::size_t whole = values.size() / 8 * 8;
    for (std::size_t i = 0; i < whole; ++i) sums[i % 8] += values[i];
    const double sum =
        ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
    return std::accumulate(values.begin() + static_cast<std::ptrdiff_t>(whole), values.end(), sum);
}

// The mean of one score over all classes, weighted.
double weighted_mean(std::span<const ClassScores> scores, double ClassScores::*score,
                     std::span<const double> weights) {
    std::vector<double> terms;
    for (std::size_t c = 0; c < scores.size(); ++c) terms.push_back(scores[c].*score * weights[c]);
    return sum_as_numpy(terms) / sum_as_numpy(weights);
}

ClassScores average(std::span<const ClassScores> scores, std::span<const double> weights) {
    ClassScores mean;
    mean.precision = weighted_mean(scores, &ClassScores::precision, weights);
    mean.recall = weighted_mean(scores, &ClassScores::recall, weights);
    mean.f1 = weighted_mean(scores, &ClassScores::f1, weights);
    for (const ClassScores& one : scores) mean.support += one.support;
    return mean;
}

}  // namespace

double ConfusionMatrix::accuracy() const {
    require_some_images(*this);
    return quotient(correct(), total());
}

double accuracy_standard_error(double accuracy, std::size_t count) {
    require(count > 0 && accuracy >= 0.0 && accuracy <= 1.0,
            "metrics: expected an accuracy in [0, 1] of at least 1 image, found ", accuracy, " of ",
            count, " images");
    return std::sqrt(accuracy * (1.0 - accuracy) / static_cast<double>(count));
}

std::vector<ClassScores> class_scores(const ConfusionMatrix& matrix) {
    require_some_images(matrix);
    std::vector<ClassScores> scores(matrix.classes());
    for (std::size_t c = 0; c < matrix.classes(); ++c) {
        std::size_t predicted = 0;
        for (std::size_t other = 0; other < matrix.classes(); ++other) {
            scores[c].support += matrix(c, other);
            predicted += matrix(other, c);
        }
        scores[c].precision = quotient(matrix(c, c), predicted);
        scores[c].recall = quotient(matrix(c, c), scores[c].support);
        // 2 P R / (P + R), simplified: one division, whose denominator is 0 only if no image is of
        // this class and none was predicted as it.
        scores[c].f1 = quotient(2 * matrix(c, c), scores[c].support + predicted);
    }
    return scores;
}

ClassScores macro_average(std::span<const ClassScores> scores) {
    require(!scores.empty(), "metrics: no classes to average over");
    return average(scores, std::vector<double>(scores.size(), 1.0));
}

ClassScores weighted_average(std::span<const ClassScores> scores) {
    std::vector<double> supports;
    for (const ClassScores& one : scores) supports.push_back(static_cast<double>(one.support));
    require(sum_as_numpy(supports) > 0.0, "metrics: no images to weight the classes by");
    return average(scores, supports);
}

std::vector<ConfusedPair> most_confused_pairs(const ConfusionMatrix& matrix, std::size_t count) {
    std::vector<ConfusedPair> pairs;
    for (std::size_t actual = 0; actual < matrix.classes(); ++actual) {
        for (std::size_t predicted = 0; predicted < matrix.classes(); ++predicted) {
            const std::size_t times = matrix(actual, predicted);
            if (actual != predicted && times > 0) pairs.push_back({actual, predicted, times});
        }
    }
    // The list is in order of classes, and a stable sort keeps that order among equal counts.
    std::stable_sort(pairs.begin(), pairs.end(),
                     [](const auto& a, const auto& b) { return a.count > b.count; });
    pairs.resize(std::min(count, pairs.size()));
    return pairs;
}

}  // namespace digits
