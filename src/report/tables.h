// The tables of a report, as HTML.
#pragma once

#include <span>
#include <string>

#include "training/calibration.h"
#include "training/run_result.h"

namespace digits {

// The most confused pairs of classes, or a sentence that there are none.
std::string pairs_table(const ConfusionMatrix& confusion);

// The counts of the confusion matrix, collapsed below the heatmap.
std::string counts_table(const ConfusionMatrix& confusion);

// The classification report: precision, recall and F1 of each class, and their averages.
std::string report_table(const ConfusionMatrix& confusion);

// The bins of the reliability diagram in numbers.
std::string confidence_table(std::span<const ConfidenceBin> bins);

// Data, seed, settings and machine: everything that determined the result.
std::string settings_table(const RunResult& result);

}  // namespace digits
