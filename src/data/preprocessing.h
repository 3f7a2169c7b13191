// Preprocessing: transforms applied to every image before the network, in training and in
// prediction.
#pragma once

#include <cstddef>
#include <vector>

#include "data/deskew.h"
#include "util/settings.h"

namespace digits {

// Part of every saved model: a network gives good predictions only with the preprocessing it was
// trained with.
struct Preprocessing {
    bool deskew = false;

    bool operator==(const Preprocessing&) const = default;
};

inline std::vector<Setting> settings_of(Preprocessing& settings) {
    return {{"deskew", "shear each image upright, by the slant of its ink", &settings.deskew}};
}

// Changes a batch of images, X (B, rows * columns), in place.
inline void preprocess(const Preprocessing& preprocessing, std::size_t rows, std::size_t columns,
                       Matrix& input) {
    if (preprocessing.deskew) deskew(rows, columns, input);
}

}  // namespace digits
