// Timing of a call, and random matrices to multiply: written in chapter 7, used again in chapter 8.
#pragma once

#include <algorithm>

#include "linalg/matrix.h"
#include "util/random.h"
#include "util/stopwatch.h"

namespace digits {

inline Matrix random_matrix(std::size_t rows, std::size_t columns) {
    Random random(1);
    Matrix matrix(rows, columns);
    for (float& value : matrix.values()) value = static_cast<float>(random.normal());
    return matrix;
}

// Seconds of one call: the fastest of a few, the one least disturbed by other programs.
template <class Call>
double seconds_of(Call call) {
    double best = 1e9;
    for (double all = 0.0; all < 0.1;) {
        const Stopwatch stopwatch;
        call();
        const double seconds = stopwatch.seconds();
        best = std::min(best, seconds);
        all += seconds;
    }
    return best;
}

}  // namespace digits
