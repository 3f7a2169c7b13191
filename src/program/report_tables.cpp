#include "program/report_tables.h"

#include <algorithm>

#include "math/gemm_peak.h"
#include "program/format.h"
#include "program/html.h"
#include "program/machine.h"

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
        rows.push_back(
            {text(pair.actual, " read as ", pair.predicted), text(pair.count), percent(share)});
    }
    if (rows.empty()) return "<p>Every test picture was read correctly.</p>\n";
    return html_table("The most frequent mistakes",
                      {"mistake", "pictures", "of all with that class"}, rows);
}

std::string counts_table(const ConfusionMatrix& confusion) {
    HtmlRow header{"actual"};
    std::vector<HtmlRow> rows;
    for (std::size_t actual = 0; actual < confusion.classes(); ++actual) {
        header.push_back(text("as ", actual));
        rows.push_back({text(actual)});
        for (std::size_t c = 0; c < confusion.classes(); ++c) {
            rows.back().push_back(text(confusion(actual, c)));
        }
    }
    return text("<details><summary>The same as a table</summary>\n<div class=\"panel\">",
                html_table("How many pictures of each class were read as which", header, rows),
                "</div></details>\n");
}

std::string report_table(const ConfusionMatrix& confusion) {
    const std::vector<ClassScores> scores = class_scores(confusion);
    std::vector<HtmlRow> rows;
    const auto add = [&](const std::string& name, const ClassScores& s) {
        rows.push_back(
            {name, fixed(s.precision, 4), fixed(s.recall, 4), fixed(s.f1, 4), grouped(s.support)});
    };
    for (std::size_t c = 0; c < scores.size(); ++c) add(text(c), scores[c]);
    rows.push_back(
        {"accuracy", "", "", fixed(confusion.accuracy(), 4), grouped(confusion.total())});
    add("macro average", macro_average(scores));
    add("weighted average", weighted_average(scores));
    return html_table(
        "Precision: of the pictures read as a class, how many are of it. Recall: of "
        "the pictures of a class, how many were read as it. F1: their harmonic mean.",
        {"class", "precision", "recall", "F1", "pictures"}, rows);
}

std::string confidence_table(std::span<const ConfidenceBin> bins) {
    std::vector<HtmlRow> rows;
    std::size_t all = 0;
    for (const ConfidenceBin& bin : bins) {
        const bool any = bin.count > 0;
        all += bin.count;
        rows.push_back({text(fixed(100.0 * bin.low, 0), " to ", fixed(100.0 * bin.high, 0), " %"),
                        grouped(bin.count), any ? percent(bin.confidence) : "",
                        any ? percent(bin.accuracy) : ""});
    }
    return html_table(text("Test pictures by how sure the network was; ", grouped(all), " in all"),
                      {"confidence", "pictures", "mean confidence", "right"}, rows);
}

std::string settings_table(const TrainOptions& options, const RunResult& result) {
    std::vector<HtmlRow> rows{
        {"data", result.dataset}, {"test data", result.test_dataset}, {"seed", text(options.seed)}};
    const Json settings = settings_json(options);
    for (const auto& [name, value] : settings.members()) {
        std::string words = value.to_text();
        words.pop_back();  // the end of the line
        std::erase(words, '"');
        std::string spaced = name;
        std::ranges::replace(spaced, '_', ' ');
        if (words != "null") rows.push_back({spaced, words});  // else it was not asked for
    }
    rows.push_back({"hash of the weights", result.weights_hash});
    rows.push_back({"machine", processor()});
    rows.push_back({"vector instructions", vector_instructions()});
    rows.push_back({"compiler", compiler()});
    std::string table =
        html_table("The same settings, data and seed give the same hash.", {"what", "value"}, rows);
    return table.replace(0, 6, "<table class=\"settings\"");
}

}  // namespace digits
