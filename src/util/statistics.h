// What several seeds gave: their mean, and how far a single one strays from it.
#pragma once

#include <span>
#include <string>

namespace digits {

double mean(std::span<const double> values);

// Of a sample: the sum of squares is divided by one less than there are values. Of a single value
// there is none: 0.
double standard_deviation(std::span<const double> values);

// "**98.43** ± 0.07" for a table; "**98.43**" for a single value.
std::string mean_cell(std::span<const double> values);

}  // namespace digits
