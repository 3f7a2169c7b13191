// Do two columns of numbers go together?
#pragma once

#include <span>

#include "util/statistics.h"

namespace digits {

// 1 if the one rises in step with the other, 0 if the one tells nothing of it.
inline double correlation(std::span<const double> a, std::span<const double> b) {
    const double mean_a = mean(a), mean_b = mean(b);
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - mean_a) * (b[i] - mean_b);
    return sum / static_cast<double>(a.size() - 1) / standard_deviation(a) / standard_deviation(b);
}

}  // namespace digits
