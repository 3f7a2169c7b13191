#include "training/calibration.h"

#include <algorithm>
#include <cmath>

#include "util/require.h"

namespace digits {

std::vector<ConfidenceBin> confidence_bins(std::span<const Prediction> predictions,
                                           std::span<const std::uint8_t> labels, std::size_t bins) {
    require(bins > 0, "confidence_bins: 0 bins");
    require(predictions.size() == labels.size(), "confidence_bins: ", predictions.size(),
            " predictions but ", labels.size(), " labels");
    const double parts = static_cast<double>(bins);
    std::vector<ConfidenceBin> list(bins);
    for (std::size_t b = 0; b < bins; ++b) {
        list[b].low = static_cast<double>(b) / parts;
        list[b].high = static_cast<double>(b + 1) / parts;
    }
    for (std::size_t i = 0; i < predictions.size(); ++i) {
        // Logits that overflowed leave NaN: no confidence at all.
        const double said = static_cast<double>(predictions[i].confidence);
        const double confidence = std::isnan(said) ? 0.0 : said;
        const double place = std::clamp(confidence * parts, 0.0, parts - 1.0);
        ConfidenceBin& bin = list[static_cast<std::size_t>(place)];
        ++bin.count;
        bin.confidence += confidence;
        bin.accuracy += predictions[i].predicted == labels[i] ? 1.0 : 0.0;
    }
    for (ConfidenceBin& bin : list) {
        if (bin.count == 0) continue;
        bin.confidence /= static_cast<double>(bin.count);
        bin.accuracy /= static_cast<double>(bin.count);
    }
    return list;
}

double expected_calibration_error(std::span<const ConfidenceBin> bins) {
    double sum = 0.0;
    std::size_t total = 0;
    for (const ConfidenceBin& bin : bins) {
        sum += static_cast<double>(bin.count) * std::abs(bin.confidence - bin.accuracy);
        total += bin.count;
    }
    require(total > 0, "expected_calibration_error: no images were counted");
    return sum / static_cast<double>(total);
}

}  // namespace digits
