// The curves of a report: loss, accuracy, and how far confidence can be trusted.
#pragma once

#include <span>

#include "plot/plot.h"
#include "training/calibration.h"
#include "training/trainer.h"

namespace digits {

inline constexpr double report_width = 480.0, report_height = 340.0;  // of an image

// The loss of each batch, and smoothed. The axis is logarithmic where that spans much.
LinePlot loss_plot(const History& history);

// Of the training images while they were learned from, and of the validation images, by epoch.
LinePlot accuracy_plot(const History& history);

// In each bin of confidence, the share of right answers; on the diagonal they are the same.
LinePlot reliability_plot(std::span<const ConfidenceBin> bins);

}  // namespace digits
