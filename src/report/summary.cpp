#include "report/summary.h"

#include <algorithm>

#include "plot/terminal_plot.h"
#include "training/metrics_text.h"
#include "util/text.h"

namespace digits {
namespace {

constexpr std::size_t pairs_shown = 5;
constexpr std::size_t mistakes_shown = 10;

std::string class_name(std::size_t number, std::span<const std::string> names) {
    return names.empty() ? std::to_string(number) : names[number];
}

std::string most_confused_text(const ConfusionMatrix& confusion,
                               std::span<const std::string> names) {
    std::string list;
    for (const ConfusedPair& pair : most_confused_pairs(confusion, pairs_shown)) {
        list += str_cat(list.empty() ? "" : ", ", class_name(pair.actual, names), " as ",
                        class_name(pair.predicted, names), ": ", pair.count);
    }
    return list.empty() ? "none: every image was classified correctly" : list;
}

// Crops the rows and columns at the edges that are blank in all images. MNIST has four on each
// side: without them more images fit side by side.
Dataset without_margins(const Dataset& data) {
    std::size_t top = data.rows, bottom = 0, left = data.columns, right = 0;
    for (std::size_t i = 0; i < data.size(); ++i) {
        const std::span<const std::uint8_t> image = data.image(i);
        for (std::size_t p = 0; p < image.size(); ++p) {
            if (image[p] == 0) continue;
            const std::size_t row = p / data.columns, column = p % data.columns;
            top = std::min(top, row);
            bottom = std::max(bottom, row + 1);
            left = std::min(left, column);
            right = std::max(right, column + 1);
        }
    }
    if (top >= bottom) return data;  // all blank
    std::vector<std::uint8_t> pixels;
    for (std::size_t i = 0; i < data.size(); ++i) {
        for (std::size_t row = top; row < bottom; ++row) {
            const auto part = data.image(i).subspan(row * data.columns + left, right - left);
            pixels.insert(pixels.end(), part.begin(), part.end());
        }
    }
    return {data.name, bottom - top, right - left, data.classes, std::move(pixels), data.labels};
}

}  // namespace

std::string scores_text(const Evaluation& evaluation, std::size_t width,
                        std::span<const std::string> names) {
    const ConfusionMatrix& confusion = evaluation.confusion;
    const double error = accuracy_standard_error(evaluation.accuracy(), confusion.total());
    return str_cat(
        confusion_table(confusion, names, width), "\n", classification_report(confusion, names),
        "\nlog loss       ", format_fixed(evaluation.log_loss, 4), "\naccuracy       ",
        percent(evaluation.accuracy()), " ± ", format_fixed(100.0 * error, 2), " (standard error)",
        "\nmost confused  ", most_confused_text(confusion, names), "\n");
}

std::string mistakes_text(const Evaluation& evaluation, const Dataset& data, ImageStyle style,
                          std::size_t width, std::span<const std::string> names) {
    const std::vector<std::size_t> mistakes = worst_mistakes(evaluation, data, mistakes_shown);
    if (mistakes.empty()) return "";
    const Dataset cropped = without_margins(subset(data, mistakes));
    std::vector<CaptionedImage> images;
    for (std::size_t i = 0; i < mistakes.size(); ++i) {
        const Prediction& prediction = evaluation.predictions[mistakes[i]];
        images.push_back(
            {cropped.rows, cropped.columns, cropped.image(i),
             str_cat(class_name(cropped.labels[i], names), " predicted as ",
                     class_name(prediction.predicted, names), " (",
                     format_fixed(100.0 * static_cast<double>(prediction.confidence), 0), " %)")});
    }
    return draw_images(images, style, width);
}

std::string loss_text(const History& history, ImageStyle style, std::size_t width) {
    std::vector<double> losses;
    for (const StepRecord& step : history.steps) losses.push_back(step.loss);
    const std::string curve = draw_curve(losses, style, width);
    if (curve.empty()) return "";
    return str_cat("Training loss over ", with_commas(losses.size()), " steps:\n\n", curve);
}

}  // namespace digits
