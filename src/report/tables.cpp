#include "report/tables.h"

#include <algorithm>

#include "linalg/gemm_peak.h"
#include "report/html.h"
#include "util/system_info.h"
#include "util/text.h"

namespace digits {
namespace {

constexpr std::size_t pairs_shown = 10;

}  // namespace

std::string pairs_table(const ConfusionMatrix& confusion) {
    const std::vector<ClassScores> scores = class_scores(confusion);
    std::vector<HtmlRow> rows;
    for (const ConfusedPair& pair : most_confused_pairs(confusion, pairs_shown)) {
        const double share =
            static_cast<double>(pair.count) / static_cast<double>(scores[pair.actual].support);
        rows.push_back({str_cat(pair.actual, " predicted as ", pair.predicted), str_cat(pair.count),
                        percent(share)});
    }
    if (rows.empty()) return "<p>Every test image was classified correctly.</p>\n";
    return html_table("Most confused pairs", {"mistake", "images", "share of the actual class"},
                      rows);
}

std::string counts_table(const ConfusionMatrix& confusion) {
    HtmlRow header{"actual / predicted"};
    std::vector<HtmlRow> rows;
    for (std::size_t actual = 0; actual < confusion.classes(); ++actual) {
        header.push_back(str_cat(actual));
        rows.push_back({str_cat(actual)});
        for (std::size_t c = 0; c < confusion.classes(); ++c) {
            rows.back().push_back(str_cat(confusion(actual, c)));
        }
    }
    return str_cat(
        "<details><summary>Counts as a table</summary>\n<div class=\"panel\">",
        html_table("Number of test images by actual class (row) and predicted class (column)",
                   header, rows),
        "</div></details>\n");
}

std::string report_table(const ConfusionMatrix& confusion) {
    const std::vector<ClassScores> scores = class_scores(confusion);
    std::vector<HtmlRow> rows;
    const auto add = [&](const std::string& name, const ClassScores& s) {
        rows.push_back({name, format_fixed(s.precision, 4), format_fixed(s.recall, 4),
                        format_fixed(s.f1, 4), with_commas(s.support)});
    };
    for (std::size_t c = 0; c < scores.size(); ++c) add(str_cat(c), scores[c]);
    rows.push_back({"accuracy", "", "", format_fixed(confusion.accuracy(), 4),
                    with_commas(confusion.total())});
    add("macro average", macro_average(scores));
    add("weighted average", weighted_average(scores));
    return html_table(
        "Precision: the share of the images predicted as a class that belong to it. Recall: the "
        "share of the images of a class that were predicted as it. F1: the harmonic mean of both. "
        "Support: the number of images of the class.",
        {"class", "precision", "recall", "F1", "support"}, rows);
}

std::string confidence_table(std::span<const ConfidenceBin> bins) {
    std::vector<HtmlRow> rows;
    std::size_t all = 0;
    for (const ConfidenceBin& bin : bins) {
        const bool any = bin.count > 0;
        all += bin.count;
        rows.push_back({str_cat(format_fixed(100.0 * bin.low, 0), " to ",
                                format_fixed(100.0 * bin.high, 0), " %"),
                        with_commas(bin.count), any ? percent(bin.confidence) : "",
                        any ? percent(bin.accuracy) : ""});
    }
    return html_table(
        str_cat("Test images by the confidence of their prediction; ", with_commas(all), " in all"),
        {"confidence", "images", "mean confidence", "accuracy"}, rows);
}

std::string settings_table(const RunResult& result) {
    std::vector<HtmlRow> rows{{"data", result.dataset},
                              {"test data", result.test_dataset},
                              {"seed", str_cat(result.seed)}};
    for (const auto& [name, value] : result.settings.members()) {
        std::string words = value.to_text();
        words.pop_back();  // the newline
        std::erase(words, '"');
        std::string spaced = name;
        std::ranges::replace(spaced, '_', ' ');
        if (words != "null") rows.push_back({spaced, words});  // null: the option was not used
    }
    rows.push_back({"weights hash", result.weights_hash});
    rows.push_back({"machine", cpu_name()});
    rows.push_back({"vector instructions", vector_instructions()});
    rows.push_back({"compiler", compiler_name()});
    return html_table("The same settings, data and seed give the same weights hash.",
                      {"setting", "value"}, rows, "settings");
}

}  // namespace digits
