// Mean and standard deviation, for results of several seeds.
#pragma once

#include <span>
#include <string>

namespace digits {

double mean(std::span<const double> values);

// The sample standard deviation: the sum of squares is divided by n - 1. It is 0 for fewer than two
// values.
double standard_deviation(std::span<const double> values);

// Mean and standard deviation as a Markdown table cell: "**98.43** ± 0.07", or "**98.43**" if there
// is only one value.
std::string mean_cell(std::span<const double> values);

}  // namespace digits
