#include "report/report.h"

#include <algorithm>

#include "report/confusion_heatmap.h"
#include "report/curves.h"
#include "report/html.h"
#include "report/images.h"
#include "report/tables.h"
#include "util/file.h"
#include "util/text.h"

namespace digits {
namespace {

constexpr std::size_t mistakes_shown = 14, bins = 10;
constexpr std::size_t most_classes_in_tables = 64;

// Saves each figure as an SVG file and returns the HTML that shows it in the page.
class Figures {
public:
    explicit Figures(std::filesystem::path folder) : folder_(std::move(folder)) {}

    std::string figure(const char* file, const Svg& svg, std::string_view caption = "") {
        save(file, svg);
        return html_figure(svg, caption);
    }
    std::string figure(const char* file, const LinePlot& plot, std::string_view caption = "") {
        Svg svg(report_width, report_height, plot.title);
        draw(svg, {0, 0, report_width, report_height}, plot);
        return figure(file, svg, caption);
    }
    // Removes the figure of an earlier run, which could be mistaken for one of this run.
    void remove(const char* file) const {
        std::error_code ignored;
        std::filesystem::remove(folder_ / file, ignored);
    }
    void save(const char* file, const Svg& svg) const { write_file(folder_ / file, {svg.str()}); }

private:
    std::filesystem::path folder_;
};

std::string fact(std::string_view name, const std::string& value) {
    return str_cat("<div><dt>", name, "</dt><dd>", xml_escaped(value), "</dd></div>\n");
}

std::string head(const RunResult& result, std::span<const ConfidenceBin> confidence) {
    const Evaluation& test = result.test;
    const double error = accuracy_standard_error(test.accuracy(), test.confusion.total());
    std::string facts = fact(str_cat("test accuracy (±\u00a0", format_fixed(100.0 * error, 2), ")"),
                             percent(test.accuracy())) +
                        fact("test log loss", format_fixed(test.log_loss, 4)) +
                        fact("training accuracy", percent(result.train_accuracy));
    if (result.validation_accuracy) {
        facts += fact("validation accuracy", percent(*result.validation_accuracy));
    }
    facts += fact("calibration error (ECE)", percent(expected_calibration_error(confidence))) +
             fact("parameters", with_commas(result.parameters)) +
             fact("time", duration(result.seconds));
    return str_cat("<h1>", xml_escaped(result.network), "</h1>\n<p>Trained on ",
                   xml_escaped(result.dataset), ", ", with_commas(result.history.steps.size()),
                   " steps in ", result.history.epochs.size(), " epochs; tested on the ",
                   with_commas(test.confusion.total()), " test images of ",
                   xml_escaped(result.test_dataset), " with the weights of epoch ",
                   result.history.best_epoch, ".</p>\n<dl class=\"facts\">\n", facts, "</dl>\n");
}

std::string training_part(const RunResult& result, Figures& figures) {
    const History& history = result.history;
    const EpochRecord& last = history.epochs.back();
    std::string loss =
        str_cat("From ", format_fixed(history.steps.front().loss, 3), " in the first step to ",
                format_fixed(last.train_loss, 3), ", the mean over the last epoch.");
    std::string accuracy =
        str_cat("Training accuracy ", percent(last.train_accuracy), " in the last epoch");
    if (result.validation_accuracy) {
        accuracy += str_cat("; validation accuracy ", percent(*result.validation_accuracy),
                            " in epoch ", history.best_epoch, ", whose weights were kept");
    }
    return str_cat("<h2>Training</h2>\n<div class=\"plots\">\n",
                   figures.figure("loss.svg", loss_plot(history), loss),
                   figures.figure("accuracy.svg", accuracy_plot(history), accuracy + "."),
                   "</div>\n");
}

// An animation: the loss curve is drawn from left to right while the confusion matrices change.
std::string animation_part(const RunResult& result, Figures& figures) {
    const std::vector<EpochConfusion> frames = frames_of(result.history.validations);
    LinePlot plot = loss_plot(result.history);
    plot.title = "Training loss, step by step";
    for (Series& series : plot.series) {
        series.name.clear();  // the legend is in the figure above
        series.classes += " sweep";
    }
    Svg loss(report_width, report_height, plot.title);
    loss.style(Animation{std::max<std::size_t>(frames.size(), 4)}.rules());
    draw(loss, {0, 0, report_width, report_height}, plot);
    std::string html = figures.figure("loss-moving.svg", loss);
    if (frames.empty()) {
        figures.remove("confusion-moving.svg");
    } else {
        html += figures.figure("confusion-moving.svg", confusion_animation(frames));
    }
    return str_cat("<section class=\"moving\">\n<h2>Training, epoch by epoch</h2>\n",
                   "<input class=\"pause\" id=\"pause\" type=\"checkbox\"/>\n",
                   "<label for=\"pause\">pause the animation</label>\n<div class=\"plots\">\n",
                   html, "</div>\n</section>\n");
}

std::string confusion_part(const ConfusionMatrix& confusion, Figures& figures) {
    const bool few = confusion.classes() <= most_classes_in_tables;
    return str_cat(
        "<h2>Confusion matrix</h2>\n<p class=\"faint\">Each row is an actual class, each column "
        "a predicted one. The diagonal counts the correct predictions.</p>\n"
        "<div class=\"plots\">\n<div>",
        figures.figure("confusion.svg", confusion_heatmap(confusion)),
        few ? counts_table(confusion) : "", "</div>\n<div class=\"panel\">", pairs_table(confusion),
        "</div>\n</div>\n", "<h2>Classification report</h2>\n<div class=\"panel\">",
        report_table(confusion), "</div>\n");
}

std::string mistakes_part(const std::vector<Mistake>& mistakes, Figures& figures) {
    if (mistakes.empty()) {
        figures.remove("mistakes.svg");
        return "<h2>Worst mistakes</h2>\n<p>None: every test image was classified correctly.</p>\n";
    }
    figures.save("mistakes.svg", mistakes_figure(mistakes));
    std::string cards;
    for (const Mistake& mistake : mistakes) cards += html_figure(mistake_card(mistake));
    return str_cat(
        "<h2>Worst mistakes (highest loss)</h2>\n<p class=\"faint\">The misclassified test images "
        "to whose actual class the network gave the lowest probability. The bars are the predicted "
        "probabilities; blue is the actual class.</p>\n<div class=\"cards\">\n",
        cards, "</div>\n");
}

std::string calibration_and_weights_part(std::span<const ConfidenceBin> confidence,
                                         const Network& network, const Dataset& test,
                                         Figures& figures) {
    constexpr std::string_view reading_the_diagram =
        "Above the dashed line the network is underconfident (more often correct than its "
        "confidence says), as label smoothing makes it; below, it is overconfident. The "
        "calibration "
        "error (ECE) is the mean distance from the line, each bin weighted by its images.";
    constexpr std::string_view what_weights_show =
        "Each square shows the weights of one unit of the first layer, arranged like the pixels of "
        "its input. Strokes along blue that avoid orange activate the unit. A unit that learned "
        "nothing still shows its random initialization.";
    return str_cat(
        "<h2>Calibration (reliability diagram)</h2>\n<p class=\"faint\">Is the network as "
        "accurate as it is confident? Of the images predicted with a confidence of 80 %, "
        "80 % should be correct.</p>\n<div class=\"plots\">\n",
        figures.figure("reliability.svg", reliability_plot(confidence), reading_the_diagram),
        "<div class=\"panel\">", confidence_table(confidence), "</div>\n</div>\n",
        "<h2>First-layer weights</h2>\n<div class=\"plots\">\n",
        figures.figure("weights.svg", weight_images(network, test.rows, test.columns),
                       what_weights_show),
        "</div>\n");
}

}  // namespace

void write_report(const std::filesystem::path& folder, const RunResult& result, const Model& model,
                  const Dataset& test) {
    Figures figures(folder);
    const std::vector<ConfidenceBin> confidence =
        confidence_bins(result.test.predictions, test.labels, bins);
    const std::string body = str_cat(
        head(result, confidence), training_part(result, figures),
        confusion_part(result.test.confusion, figures),
        mistakes_part(find_mistakes(model, result.test, test, mistakes_shown), figures),
        animation_part(result, figures),
        calibration_and_weights_part(confidence, model.network, test, figures),
        str_cat("<h2>Settings</h2>\n<div class=\"panel\">", settings_table(result), "</div>\n"));
    const std::string title = str_cat(result.network, " on ", result.dataset);
    write_file(folder / "report.html", {html_page(title, body)});
}

}  // namespace digits
