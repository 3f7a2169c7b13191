#include "program/summary.h"

#include "program/format.h"
#include "training/metrics_text.h"

namespace digits {
namespace {

constexpr std::size_t pairs_shown = 5;
constexpr std::size_t mistakes_shown = 10;

std::string most_confused_text(const ConfusionMatrix& confusion) {
    std::string list;
    for (const ConfusedPair& pair : most_confused_pairs(confusion, pairs_shown)) {
        list += text(list.empty() ? "" : ", ", pair.actual, " read as ", pair.predicted, " (",
                     pair.count, ")");
    }
    return list.empty() ? "none: every picture was read correctly" : list;
}

}  // namespace

std::string scores_text(const Evaluation& evaluation, std::size_t width) {
    const ConfusionMatrix& confusion = evaluation.confusion;
    const double error = accuracy_standard_error(evaluation.accuracy(), confusion.total());
    return text(confusion_table(confusion, {}, width), "\n", classification_report(confusion),
                "\nlog loss       ", fixed(evaluation.log_loss, 4), "\naccuracy       ",
                percent(evaluation.accuracy()), " +- ", fixed(100.0 * error, 2),
                " (standard error)", "\nmost confused  ", most_confused_text(confusion), "\n");
}

std::string mistakes_text(const Evaluation& evaluation, const Dataset& data, PictureStyle style,
                          std::size_t width) {
    std::vector<CaptionedPicture> pictures;
    for (const std::size_t index : worst_mistakes(evaluation, data, mistakes_shown)) {
        const Reading& reading = evaluation.readings[index];
        pictures.push_back(
            {data.rows, data.columns, data.image(index),
             text(int{data.labels[index]}, ", read as ", int{reading.predicted}, " (",
                  fixed(100.0 * static_cast<double>(reading.confidence), 0), " %)")});
    }
    return pictures.empty() ? "" : draw_pictures(pictures, style, width);
}

}  // namespace digits
