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
    const double bin_count = static_cast<double>(bins);
    std::vector<ConfidenceBin> list(bins);
    for (std::size_t b = 0; b < bins; ++b) {
        list[b].low = static_cast<double>(b) / bin_count;
        list[b].high = static_cast<double>(b + 1) / bin_count;
    }
    for (std::size_t i = 0; i < predictions.size(); ++i) {
        // Logits that overflowed give a confidence of NaN, which is counted as 0.
        const double raw = static_cast<double>(predictions[i].confidence);
        const double confidence = std::isnan(raw) ? 0.0 : raw;
        const double index = std::clamp(confidence * bin_count, 0.0, bin_count - 1.0);
        ConfidenceBin& bin = list[static_cast<std::size_t>(index)];
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
