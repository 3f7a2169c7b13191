// The tables of a report, as HTML.
#pragma once

#include <span>
#include <string>

#include "training/calibration.h"
#include "training/run_result.h"

namespace digits {

// The most frequent mistakes, or a sentence that there are none.
std::string pairs_table(const ConfusionMatrix& confusion);

// The confusion matrix in numbers, folded away beneath its image.
std::string counts_table(const ConfusionMatrix& confusion);

// Precision, recall and F1 of each class, and their averages.
std::string report_table(const ConfusionMatrix& confusion);

std::string confidence_table(std::span<const ConfidenceBin> bins);

// Everything that led to the result, and the machine.
std::string settings_table(const RunResult& result);

}  // namespace digits
