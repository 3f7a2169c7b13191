// Timing of a call, and random matrices to multiply: written in chapter 7, used again in chapter 8.
#pragma once

#include <algorithm>
#include <ctime>

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

// Seconds that a processor has spent on one call, on all threads of this program together. The time
// that other programs take away does not count. (On Windows it does: there, clock() is wall time.)
template <class Call>
double processor_seconds_of(Call call) {
    const std::clock_t start = std::clock();
    call();
    return static_cast<double>(std::clock() - start) / static_cast<double>(CLOCKS_PER_SEC);
}

}  // namespace digits
