#include "report/curves.h"

#include <algorithm>

#include "plot/curve.h"
#include "util/require.h"
#include "util/text.h"

namespace digits {

LinePlot loss_plot(const History& history) {
    constexpr std::size_t most_points = 700;  // more than the plot has columns
    constexpr double log_scale_ratio = 5.0;   // highest : lowest
    std::vector<double> losses;
    for (const StepRecord& step : history.steps) losses.push_back(step.loss);
    const std::size_t window = smoothing_window(losses.size());
    const std::vector<double> means = moving_average(losses, window);
    std::vector<Point> raw, smooth;
    for (std::size_t i = 0; i < losses.size(); ++i) {
        const double step = static_cast<double>(history.steps[i].step);
        raw.push_back({step, losses[i]});
        smooth.push_back({step, means[i]});
    }
    const auto [lowest, highest] = std::ranges::minmax(means);
    const bool logarithmic = lowest > 0.0 && highest > log_scale_ratio * lowest;
    return {
        "Training loss",
        {"step", {}, {}, false, true},
        {logarithmic ? "loss, logarithmic" : "loss", {}, {}, logarithmic},
        {{"each batch", downsample(raw, most_points), 5, "thin raw"},
         {window > 1 ? str_cat("moving average over ", window, " batches") : "",
          window > 1 ? downsample(smooth, most_points / 2) : std::vector<Point>{}, 0, "smooth"}}};
}

LinePlot accuracy_plot(const History& history) {
    Series training{"training (during the epoch)", {}, 1};
    Series validation{"", {}, 0};
    for (const EpochRecord& epoch : history.epochs) {
        const double number = static_cast<double>(epoch.epoch);
        training.points.push_back({number, 100.0 * epoch.train_accuracy});
        if (!epoch.validation_accuracy) continue;
        validation.name = "validation";
        validation.points.push_back({number, 100.0 * *epoch.validation_accuracy});
    }
    return {"Accuracy by epoch",
            {"epoch", {}, {}, false, true},
            {"accuracy, %", {}, 100.0},
            {training, validation}};
}

LinePlot reliability_plot(std::span<const ConfidenceBin> bins) {
    Series network{"this network", {}, 0, "filled"};
    for (const ConfidenceBin& bin : bins) {
        const double low = 100.0 * bin.low, high = 100.0 * bin.high;
        const double accuracy = 100.0 * bin.accuracy;
        network.points.insert(network.points.end(),
                              {{low, 0.0}, {low, accuracy}, {high, accuracy}, {high, 0.0}});
    }
    return {"Reliability diagram",
            {"confidence, %", 0.0, 100.0},
            {"accuracy, %", 0.0, 100.0},
            {network, {"perfectly calibrated", {{0, 0}, {100, 100}}, 1, "dashed"}}};
}

}  // namespace digits
