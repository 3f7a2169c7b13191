#include "util/statistics.h"

#include <cmath>

#include "util/require.h"
#include "util/text.h"

namespace digits {

double mean(std::span<const double> values) {
    require(!values.empty(), "mean: no values");
    double sum = 0.0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
}

double standard_deviation(std::span<const double> values) {
    if (values.size() < 2) return 0.0;
    const double average = mean(values);
    double squares = 0.0;
    for (const double value : values) squares += (value - average) * (value - average);
    return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

std::string mean_cell(std::span<const double> values) {
    const std::string bold = str_cat("**", format_fixed(mean(values), 2), "**");
    return values.size() < 2 ? bold : bold + " ± " + format_fixed(standard_deviation(values), 2);
}

}  // namespace digits
