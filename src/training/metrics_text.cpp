#include "training/metrics_text.h"

#include <algorithm>
#include <vector>

#include "util/require.h"

namespace digits {
namespace {

using Names = std::vector<std::string>;

Names names_or_numbers(std::span<const std::string> names, std::size_t classes) {
    require(names.empty() || names.size() == classes, "metrics: ", names.size(),
            " class names for ", classes, " classes; expected one per class, or none");
    Names result(names.begin(), names.end());
    for (std::size_t c = result.size(); c < classes; ++c) result.push_back(std::to_string(c));
    return result;
}

std::size_t longest(const Names& names) {
    std::size_t most = 0;
    for (const std::string& name : names) most = std::max(most, character_count(name));
    return most;
}

// Padded on the left to `width` characters; longer text is not cut.
std::string right_aligned(const std::string& utf8, std::size_t width) {
    return std::string(width - std::min(width, character_count(utf8)), ' ') + utf8;
}

std::string matrix_table(const ConfusionMatrix& matrix, const Names& names, std::size_t margin,
                         std::size_t column) {
    std::string table =
        right_aligned("", margin) + "  predicted\n" + right_aligned("actual", margin);
    for (const std::string& name : names) table += right_aligned(name, column);
    table += "\n";
    for (std::size_t actual = 0; actual < matrix.classes(); ++actual) {
        table += right_aligned(names[actual], margin);
        for (std::size_t predicted = 0; predicted < matrix.classes(); ++predicted) {
            const std::size_t count = matrix(actual, predicted);
            table += right_aligned(count == 0 ? "." : std::to_string(count), column);
        }
        table += "\n";
    }
    return table;
}

// "    10    391/400  5 as 24, 2 as 26, 1 as 14"
std::string list_of_mistakes(const ConfusionMatrix& matrix, const Names& names,
                             std::size_t margin) {
    Names mistakes(matrix.classes());
    std::vector<int> listed(matrix.classes(), 0);
    const std::size_t all = matrix.total();  // there cannot be more kinds of mistakes than images
    for (const ConfusedPair& pair : most_confused_pairs(matrix, all)) {
        if (++listed[pair.actual] > 3) continue;
        mistakes[pair.actual] += str_cat(listed[pair.actual] == 1 ? "  " : ", ", pair.count, " as ",
                                         names[pair.predicted]);
    }
    const std::vector<ClassScores> scores = class_scores(matrix);
    Names correct(matrix.classes());
    for (std::size_t c = 0; c < correct.size(); ++c) {
        correct[c] = str_cat(matrix(c, c), "/", scores[c].support);
    }
    const std::size_t column = std::max(longest(correct), character_count("correct")) + 2;
    std::string table = right_aligned("actual", margin) + right_aligned("correct", column) +
                        "  most frequent mistakes\n";
    for (std::size_t c = 0; c < correct.size(); ++c) {
        table += right_aligned(names[c], margin) + right_aligned(correct[c], column) + mistakes[c];
        table += "\n";
    }
    return table;
}

}  // namespace

std::string classification_report(const ConfusionMatrix& matrix,
                                  std::span<const std::string> class_names) {
    const Names names = names_or_numbers(class_names, matrix.classes());
    const std::vector<ClassScores> scores = class_scores(matrix);
    const std::size_t margin = std::max(longest(names), character_count("weighted avg"));

    // If no prediction at all is correct, scikit-learn prints supports as 2.0 instead of 2: it then
    // has nothing to count and uses zeros, which NumPy creates as floating-point numbers, for the
    // correct predictions of each class, so the sums that include them are floating-point, too.
    const bool counts_in_floats = matrix.correct() == 0;
    const auto support = [&](std::size_t count) {
        return std::to_string(count) + (counts_in_floats ? ".0" : "");
    };
    const auto score = [](double value) { return pad_left(format_fixed(value, 4), 10); };
    const auto row = [&](const std::string& name, const ClassScores& line) {
        return str_cat(right_aligned(name, margin), " ", score(line.precision), score(line.recall),
                       score(line.f1), " ", pad_left(support(line.support), 9), "\n");
    };

    std::string report = right_aligned("", margin) + " ";
    for (const char* heading : {"precision", "recall", "f1-score", "support"}) {
        report += pad_left(heading, 10);
    }
    report += "\n\n";
    for (std::size_t c = 0; c < scores.size(); ++c) report += row(names[c], scores[c]);
    report += str_cat("\n", right_aligned("accuracy", margin), " ", std::string(20, ' '),
                      score(matrix.accuracy()), " ", pad_left(support(matrix.total()), 9), "\n");
    report += row("macro avg", macro_average(scores));
    report += row("weighted avg", weighted_average(scores));
    return report;
}

std::string confusion_table(const ConfusionMatrix& matrix, std::span<const std::string> class_names,
                            std::size_t width) {
    const Names names = names_or_numbers(class_names, matrix.classes());
    require(matrix.total() > 0, "metrics: no images were counted, so there is no table to show");
    const std::size_t margin = std::max(longest(names), character_count("actual"));
    std::size_t largest = 0;
    for (std::size_t actual = 0; actual < matrix.classes(); ++actual) {
        for (std::size_t predicted = 0; predicted < matrix.classes(); ++predicted) {
            largest = std::max(largest, matrix(actual, predicted));
        }
    }
    const std::size_t column = std::max(longest(names), std::to_string(largest).size()) + 2;
    if (margin + matrix.classes() * column <= width) {
        return matrix_table(matrix, names, margin, column);
    }
    return list_of_mistakes(matrix, names, margin);
}

std::string confusion_text(const ConfusionMatrix& matrix) {
    std::string lines;
    for (std::size_t actual = 0; actual < matrix.classes(); ++actual) {
        for (std::size_t predicted = 0; predicted < matrix.classes(); ++predicted) {
            lines += str_cat(predicted == 0 ? "" : " ", matrix(actual, predicted));
        }
        lines += "\n";
    }
    return lines;
}

}  // namespace digits
