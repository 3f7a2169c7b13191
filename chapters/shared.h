// Helpers that one chapter writes and later ones use again: batches, mean images, accuracy.
#pragma once

#include <algorithm>
#include <numeric>
#include <vector>

#include "data/dataset.h"
#include "linalg/matrix.h"

namespace digits {

inline double as_double(float value) {
    return static_cast<double>(value);
}

// Chapter 2: 0, 1, ... count - 1.
inline std::vector<std::size_t> first_indices(std::size_t count) {
    std::vector<std::size_t> indices(count);
    std::iota(indices.begin(), indices.end(), std::size_t{0});
    return indices;
}

// Chapter 2: the whole data set as one batch, X (N, inputs) and y (N).
inline Batch whole(const Dataset& data) {
    Batch batch;
    gather(data, first_indices(data.size()), batch);
    return batch;
}

// Chapter 2: the mean image of each class as a column, pixels from 0 to 1: (inputs, classes).
inline Matrix mean_columns(const Dataset& data) {
    Matrix means(data.inputs(), data.classes);
    std::vector<float> counts(data.classes, 0.0f);
    for (std::size_t index = 0; index < data.size(); ++index) {
        const std::size_t c = data.labels[index];
        counts[c] += 255.0f;  // so that the means come out from 0 to 1
        for (std::size_t i = 0; i < data.inputs(); ++i) {
            means(i, c) += static_cast<float>(data.image(index)[i]);
        }
    }
    for (std::size_t i = 0; i < means.rows(); ++i) {
        for (std::size_t c = 0; c < means.columns(); ++c) means(i, c) /= counts[c];
    }
    return means;
}

// Chapter 2: subtracts half the sum of the squares of each column of w from that column of z.
inline void subtract_half_squares(const Matrix& w, Matrix& z) {
    for (std::size_t c = 0; c < w.columns(); ++c) {
        float half = 0.0f;
        for (std::size_t i = 0; i < w.rows(); ++i) half += w(i, c) * w(i, c) / 2;
        for (std::size_t m = 0; m < z.rows(); ++m) z(m, c) -= half;
    }
}

// Chapter 2: the share of rows, in percent, whose largest score stands at the label.
inline double accuracy(const Matrix& scores, std::span<const std::uint8_t> labels) {
    std::size_t right = 0;
    for (std::size_t m = 0; m < labels.size(); ++m) {
        const auto row = scores.row(m);
        right += std::ranges::max_element(row) - row.begin() == labels[m];
    }
    return 100.0 * static_cast<double>(right) / static_cast<double>(labels.size());
}

// Chapter 10: the first `count` images of a set.
inline Dataset first_images(const Dataset& data, std::size_t count) {
    return subset(data, first_indices(count));
}

}  // namespace digits
