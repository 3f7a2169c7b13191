// The plots of a report: loss curve, accuracy by epoch, and reliability diagram.
#pragma once

#include <span>

#include "plot/plot.h"
#include "training/calibration.h"
#include "training/trainer.h"

namespace digits {

inline constexpr double report_width = 480.0, report_height = 340.0;  // of a plot

// Training loss of each batch, and its moving average. The axis is logarithmic if the latter spans
// more than a factor of 5.
LinePlot loss_plot(const History& history);

// Accuracy by epoch: on the training images while they were trained on, and on the validation set.
LinePlot accuracy_plot(const History& history);

// Reliability diagram: the accuracy in each bin of confidence. Perfect calibration is the diagonal.
LinePlot reliability_plot(std::span<const ConfidenceBin> bins);

}  // namespace digits
