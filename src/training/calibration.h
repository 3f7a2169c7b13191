// Calibration: are 80 % of the predictions made with 80 % confidence correct?
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "training/evaluation.h"

namespace digits {

// The predictions whose confidence lies in one interval of [0, 1].
struct ConfidenceBin {
    double low = 0.0, high = 0.0;  // the interval is [low, high); the last one includes 1
    std::size_t count = 0;
    // Means over the predictions in the bin; 0 if it is empty.
    double confidence = 0.0;
    double accuracy = 0.0;
};

// Divides [0, 1] into `bins` bins of equal width. Throws std::invalid_argument if `bins` is 0 or if
// the numbers of predictions and labels differ.
std::vector<ConfidenceBin> confidence_bins(std::span<const Prediction> predictions,
                                           std::span<const std::uint8_t> labels, std::size_t bins);

// Expected calibration error (ECE): the mean difference between confidence and accuracy, each bin
// weighted by its number of predictions. 0 means perfectly calibrated probabilities (Naeini, Cooper
// and Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian Binning", 2015).
double expected_calibration_error(std::span<const ConfidenceBin> bins);

}  // namespace digits
