#include "program/report.h"

#include <algorithm>

#include "data/file.h"
#include "math/gemm_peak.h"
#include "math/parallel.h"
#include "program/confusion_picture.h"
#include "program/format.h"
#include "program/html.h"
#include "program/machine.h"
#include "program/report_curves.h"
#include "program/report_pictures.h"

namespace digits {
namespace {

constexpr std::size_t mistakes_shown = 14, pairs_shown = 10, bins = 10;
constexpr std::size_t most_classes_in_tables = 64;

// Collects the pictures: each becomes part of the page and a file of its own.
class Pictures {
public:
    explicit Pictures(std::filesystem::path folder) : folder_(std::move(folder)) {}

    std::string figure(const char* file, const Svg& picture, std::string_view caption = "") {
        save(file, picture);
        return html_figure(picture, caption);
    }
    std::string figure(const char* file, const LinePlot& plot, std::string_view caption = "") {
        Svg svg(report_width, report_height, plot.title);
        draw(svg, {0, 0, report_width, report_height}, plot);
        return figure(file, svg, caption);
    }
    // This run has no such picture: one of an earlier run would be taken for it.
    void remove(const char* file) const {
        std::error_code ignored;
        std::filesystem::remove(folder_ / file, ignored);
    }
    void save(const char* file, const Svg& picture) const {
        write_file(folder_ / file, {picture.str()});
    }

private:
    std::filesystem::path folder_;
};

std::string fact(std::string_view name, const std::string& value) {
    return text("<div><dt>", name, "</dt><dd>", xml_escaped(value), "</dd></div>\n");
}

std::string head(const RunResult& result, std::span<const ConfidenceBin> confidence) {
    const Evaluation& test = result.test;
    const double error = accuracy_standard_error(test.accuracy(), test.confusion.total());
    std::string facts = fact(text("test accuracy (±\u00a0", fixed(100.0 * error, 2), ")"),
                             percent(test.accuracy())) +
                        fact("test log loss", fixed(test.log_loss, 4)) +
                        fact("training accuracy", percent(result.train_accuracy));
    if (result.validation_accuracy) {
        facts += fact("validation accuracy", percent(*result.validation_accuracy));
    }
    facts += fact("calibration error", percent(expected_calibration_error(confidence))) +
             fact("weights", grouped(result.parameters)) + fact("time", duration(result.seconds));
    return text("<h1>", xml_escaped(result.network), "</h1>\n<p>Trained on ",
                xml_escaped(result.dataset), ", ", grouped(result.history.steps.size()),
                " steps in ", result.history.epochs.size(), " epochs; tested on the ",
                grouped(test.confusion.total()), " test pictures of ",
                xml_escaped(result.test_dataset), " with the weights of epoch ",
                result.history.best_epoch, ".</p>\n<dl class=\"facts\">\n", facts, "</dl>\n");
}

std::string training_part(const RunResult& result, Pictures& pictures) {
    return text("<h2>Training</h2>\n<div class=\"plots\">\n",
                pictures.figure("loss.svg", loss_plot(result.history)),
                pictures.figure("accuracy.svg", accuracy_plot(result.history)), "</div>\n");
}

// The same loss once more, drawn from left to right while the confusion matrices go by.
std::string moving_part(const RunResult& result, Pictures& pictures) {
    const std::vector<EpochConfusion> frames = frames_of(result.validations);
    LinePlot plot = loss_plot(result.history);
    plot.title = "Loss of each step, as it came";
    for (Series& series : plot.series) {
        series.name.clear();  // they stand in the picture above
        series.classes += " sweep";
    }
    Svg loss(report_width, report_height, plot.title);
    loss.style(Animation{std::max<std::size_t>(frames.size(), 4)}.rules());
    draw(loss, {0, 0, report_width, report_height}, plot);
    std::string figures = pictures.figure("loss-moving.svg", loss);
    if (frames.empty()) {
        pictures.remove("confusion-moving.svg");
    } else {
        figures += pictures.figure("confusion-moving.svg", moving_confusion_picture(frames));
    }
    return text(
        "<h2>As it learned</h2>\n", "<input class=\"pause\" id=\"pause\" type=\"checkbox\"/>\n",
        "<label for=\"pause\">hold still</label>\n<div class=\"plots\">\n", figures, "</div>\n");
}

std::string pairs_table(const ConfusionMatrix& confusion) {
    const std::vector<ClassScores> scores = class_scores(confusion);
    std::vector<HtmlRow> rows;
    for (const ConfusedPair& pair : most_confused_pairs(confusion, pairs_shown)) {
        const double share =
            static_cast<double>(pair.count) / static_cast<double>(scores[pair.actual].support);
        rows.push_back(
            {text(pair.actual, " read as ", pair.predicted), text(pair.count), percent(share)});
    }
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

std::string confusion_part(const ConfusionMatrix& confusion, Pictures& pictures) {
    const bool few = confusion.classes() <= most_classes_in_tables;
    return text("<h2>What was read as what</h2>\n<div class=\"plots\">\n<div>",
                pictures.figure("confusion.svg", confusion_picture(confusion)),
                few ? counts_table(confusion) : "", "</div>\n<div class=\"panel\">",
                pairs_table(confusion), "</div>\n</div>\n",
                "<h2>Class by class</h2>\n<div class=\"panel\">", report_table(confusion),
                "</div>\n");
}

std::string mistakes_part(const std::vector<Mistake>& mistakes, Pictures& pictures) {
    if (mistakes.empty()) {
        pictures.remove("mistakes.svg");
        return "<h2>The worst mistakes</h2>\n<p>There are none.</p>\n";
    }
    pictures.save("mistakes.svg", mistakes_picture(mistakes));
    std::string cards;
    for (const Mistake& mistake : mistakes) cards += html_figure(mistake_card(mistake));
    return text("<h2>The worst mistakes</h2>\n<p class=\"faint\">Those to which the network gave ",
                "the right class the least probability. The bars are its probabilities; blue is ",
                "the right class.</p>\n<div class=\"cards\">\n", cards, "</div>\n");
}

std::string inside_part(const RunResult& result, std::span<const ConfidenceBin> confidence,
                        const Network& network, const Dataset& test, Pictures& pictures) {
    std::vector<HtmlRow> rows;
    for (const ConfidenceBin& bin : confidence) {
        const bool any = bin.count > 0;
        rows.push_back({text(fixed(100.0 * bin.low, 0), " to ", fixed(100.0 * bin.high, 0), " %"),
                        grouped(bin.count), any ? percent(bin.confidence) : "",
                        any ? percent(bin.accuracy) : ""});
    }
    const std::string table =
        html_table(text("Test pictures by how sure the network was; ",
                        grouped(result.test.confusion.total()), " in all"),
                   {"confidence", "pictures", "mean confidence", "right"}, rows);
    constexpr std::string_view how_to_read =
        "Above the dashed line the network is more often right than it believes, as label "
        "smoothing makes it; below, it is too sure. The calibration error is the mean distance, "
        "each picture counted once.";
    constexpr std::string_view what_weights_are =
        "Each square is one unit of the first layer, laid out like the picture that it looks at. "
        "Strokes that run along blue and avoid orange make it answer. A unit that learned nothing "
        "still shows the noise it began with.";
    return text("<h2>Is it as sure as it is right?</h2>\n<div class=\"plots\">\n",
                pictures.figure("reliability.svg", reliability_plot(confidence), how_to_read),
                "<div class=\"panel\">", table, "</div>\n</div>\n",
                "<h2>Inside</h2>\n<div class=\"plots\">\n",
                pictures.figure("weights.svg", weights_picture(network, test.rows, test.columns),
                                what_weights_are),
                "</div>\n");
}

std::string settings_part(const TrainOptions& options, const RunResult& result) {
    std::vector<HtmlRow> rows{
        {"data", result.dataset}, {"test data", result.test_dataset}, {"seed", text(options.seed)}};
    const Json settings = settings_json(options);
    for (const auto& [name, value] : settings.members()) {
        std::string words = value.to_text();
        words.pop_back();  // the end of the line
        std::erase(words, '"');
        std::string spaced = name;
        std::ranges::replace(spaced, '_', ' ');
        rows.push_back({spaced, words == "null" ? "" : words});
    }
    rows.push_back({"hash of the weights", result.weights_hash});
    rows.push_back({"machine", processor()});
    rows.push_back({"vector instructions", vector_instructions()});
    rows.push_back({"compiler", compiler()});
    std::string table =
        html_table("The same settings, data and seed give the same hash.", {"what", "value"}, rows);
    return text("<h2>How it was made</h2>\n<div class=\"panel\">",
                table.replace(0, 6, "<table class=\"settings\""), "</div>\n");
}

}  // namespace

void write_report(const TrainOptions& options, const RunResult& result, const Network& network,
                  const Dataset& test) {
    Pictures pictures(options.out);
    const std::vector<ConfidenceBin> confidence =
        confidence_bins(result.test.readings, test.labels, bins);
    const std::string body = text(
        head(result, confidence), training_part(result, pictures),
        confusion_part(result.test.confusion, pictures),
        mistakes_part(find_mistakes(network, result.test, test, mistakes_shown), pictures),
        moving_part(result, pictures), inside_part(result, confidence, network, test, pictures),
        settings_part(options, result));
    const std::string title = text(result.network, " on ", result.dataset);
    write_file(options.out / "report.html", {html_page(title, body)});
}

}  // namespace digits
