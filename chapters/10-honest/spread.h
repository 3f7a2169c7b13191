// What several runs say together: mean, standard deviation and correlation.
#pragma once

#include <cmath>
#include <vector>

namespace digits {

struct Spread {
    double mean, deviation;
};

inline Spread spread(const std::vector<double>& values) {
    double sum = 0.0, squares = 0.0;
    for (const double value : values) sum += value;
    const double mean = sum / static_cast<double>(values.size());
    for (const double value : values) squares += (value - mean) * (value - mean);
    return {mean, std::sqrt(squares / static_cast<double>(values.size() - 1))};
}

// The correlation: 1 if the one rises in step with the other, 0 if the one tells nothing of it.
inline double correlation(const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        sum += (a[i] - spread(a).mean) * (b[i] - spread(b).mean);
    }
    return sum / static_cast<double>(a.size() - 1) / spread(a).deviation / spread(b).deviation;
}

}  // namespace digits
