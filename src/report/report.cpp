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

// Collects the images: each becomes part of the page and a file of its own.
class Images {
public:
    explicit Images(std::filesystem::path folder) : folder_(std::move(folder)) {}

    std::string figure(const char* file, const Svg& image, std::string_view caption = "") {
        save(file, image);
        return html_figure(image, caption);
    }
    std::string figure(const char* file, const LinePlot& plot, std::string_view caption = "") {
        Svg svg(report_width, report_height, plot.title);
        draw(svg, {0, 0, report_width, report_height}, plot);
        return figure(file, svg, caption);
    }
    // This run has no such image: one of an earlier run would be taken for it.
    void remove(const char* file) const {
        std::error_code ignored;
        std::filesystem::remove(folder_ / file, ignored);
    }
    void save(const char* file, const Svg& image) const {
        write_file(folder_ / file, {image.str()});
    }

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
    facts += fact("calibration error", percent(expected_calibration_error(confidence))) +
             fact("weights", with_commas(result.parameters)) +
             fact("time", duration(result.seconds));
    return str_cat("<h1>", xml_escaped(result.network), "</h1>\n<p>Trained on ",
                   xml_escaped(result.dataset), ", ", with_commas(result.history.steps.size()),
                   " steps in ", result.history.epochs.size(), " epochs; tested on the ",
                   with_commas(test.confusion.total()), " test images of ",
                   xml_escaped(result.test_dataset), " with the weights of epoch ",
                   result.history.best_epoch, ".</p>\n<dl class=\"facts\">\n", facts, "</dl>\n");
}

std::string training_part(const RunResult& result, Images& images) {
    const History& history = result.history;
    const EpochRecord& last = history.epochs.back();
    std::string loss =
        str_cat("From ", format_fixed(history.steps.front().loss, 3), " in the first step to ",
                format_fixed(last.train_loss, 3), ", the mean of the last epoch.");
    std::string accuracy = str_cat("In the last epoch ", percent(last.train_accuracy),
                                   " of the training images were read correctly");
    if (result.validation_accuracy) {
        accuracy += str_cat("; of the validation images ", percent(*result.validation_accuracy),
                            " in epoch ", history.best_epoch, ", whose weights were kept");
    }
    return str_cat("<h2>Training</h2>\n<div class=\"plots\">\n",
                   images.figure("loss.svg", loss_plot(history), loss),
                   images.figure("accuracy.svg", accuracy_plot(history), accuracy + "."),
                   "</div>\n");
}

// The same loss once more, drawn from left to right while the confusion matrices go by.
std::string moving_part(const RunResult& result, Images& images) {
    const std::vector<EpochConfusion> frames = frames_of(result.validations);
    LinePlot plot = loss_plot(result.history);
    plot.title = "Loss of each step, as it came";
    for (Series& series : plot.series) {
        series.name.clear();  // they stand in the image above
        series.classes += " sweep";
    }
    Svg loss(report_width, report_height, plot.title);
    loss.style(Animation{std::max<std::size_t>(frames.size(), 4)}.rules());
    draw(loss, {0, 0, report_width, report_height}, plot);
    std::string figures = images.figure("loss-moving.svg", loss);
    if (frames.empty()) {
        images.remove("confusion-moving.svg");
    } else {
        figures += images.figure("confusion-moving.svg", confusion_animation(frames));
    }
    return str_cat("<section class=\"moving\">\n<h2>As it learned</h2>\n",
                   "<input class=\"pause\" id=\"pause\" type=\"checkbox\"/>\n",
                   "<label for=\"pause\">hold still</label>\n<div class=\"plots\">\n", figures,
                   "</div>\n</section>\n");
}

std::string confusion_part(const ConfusionMatrix& confusion, Images& images) {
    const bool few = confusion.classes() <= most_classes_in_tables;
    return str_cat("<h2>What was read as what</h2>\n<div class=\"plots\">\n<div>",
                   images.figure("confusion.svg", confusion_heatmap(confusion)),
                   few ? counts_table(confusion) : "", "</div>\n<div class=\"panel\">",
                   pairs_table(confusion), "</div>\n</div>\n",
                   "<h2>Class by class</h2>\n<div class=\"panel\">", report_table(confusion),
                   "</div>\n");
}

std::string mistakes_part(const std::vector<Mistake>& mistakes, Images& images) {
    if (mistakes.empty()) {
        images.remove("mistakes.svg");
        return "<h2>The worst mistakes</h2>\n<p>There are none.</p>\n";
    }
    images.save("mistakes.svg", mistakes_figure(mistakes));
    std::string cards;
    for (const Mistake& mistake : mistakes) cards += html_figure(mistake_card(mistake));
    return str_cat(
        "<h2>The worst mistakes</h2>\n<p class=\"faint\">Those to which the network gave ",
        "the right class the least probability. The bars are its probabilities; blue is ",
        "the right class.</p>\n<div class=\"cards\">\n", cards, "</div>\n");
}

std::string inside_part(std::span<const ConfidenceBin> confidence, const Network& network,
                        const Dataset& test, Images& images) {
    constexpr std::string_view how_to_read =
        "Above the dashed line the network is more often right than it believes, as label "
        "smoothing makes it; below, it is too sure. The calibration error is the mean distance, "
        "each image counted once.";
    constexpr std::string_view what_weights_are =
        "Each square is one unit of the first layer, laid out like the image that it looks at. "
        "Strokes that run along blue and avoid orange make it answer. A unit that learned nothing "
        "still shows the noise it began with.";
    return str_cat("<h2>Is it as sure as it is right?</h2>\n<div class=\"plots\">\n",
                   images.figure("reliability.svg", reliability_plot(confidence), how_to_read),
                   "<div class=\"panel\">", confidence_table(confidence), "</div>\n</div>\n",
                   "<h2>Inside</h2>\n<div class=\"plots\">\n",
                   images.figure("weights.svg", weight_images(network, test.rows, test.columns),
                                 what_weights_are),
                   "</div>\n");
}

}  // namespace

void write_report(const std::filesystem::path& folder, const RunResult& result, const Model& model,
                  const Dataset& test) {
    Images images(folder);
    const std::vector<ConfidenceBin> confidence =
        confidence_bins(result.test.predictions, test.labels, bins);
    const std::string body =
        str_cat(head(result, confidence), training_part(result, images),
                confusion_part(result.test.confusion, images),
                mistakes_part(find_mistakes(model, result.test, test, mistakes_shown), images),
                moving_part(result, images), inside_part(confidence, model.network, test, images),
                str_cat("<h2>How it was made</h2>\n<div class=\"panel\">", settings_table(result),
                        "</div>\n"));
    const std::string title = str_cat(result.network, " on ", result.dataset);
    write_file(folder / "report.html", {html_page(title, body)});
}

}  // namespace digits
