// Is a network as sure as it is right? Of the images read with 80 % confidence, are 80 % right?
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "training/evaluation.h"

namespace digits {

// The images whose confidence lies in one part of [0, 1].
struct ConfidenceBin {
    double low = 0.0, high = 0.0;  // its ends; the lower one belongs to it, and 1 to the last
    std::size_t count = 0;
    // Means over its images; 0 where there are none.
    double confidence = 0.0;
    double accuracy = 0.0;
};

// In `bins` equal parts. Throws std::invalid_argument when there are no bins, or another number of
// labels than of predictions.
std::vector<ConfidenceBin> confidence_bins(std::span<const Prediction> predictions,
                                           std::span<const std::uint8_t> labels, std::size_t bins);

// The mean distance between confidence and accuracy, each bin weighed by its images: 0 for a
// network whose probabilities can be taken at their word (Naeini, Cooper and Hauskrecht, "Obtaining
// Well Calibrated Probabilities Using Bayesian Binning", 2015).
double expected_calibration_error(std::span<const ConfidenceBin> bins);

}  // namespace digits
