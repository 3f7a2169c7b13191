// Preprocessing: what is done to every image before a network sees it, in training and ever after.
#pragma once

#include <cstddef>
#include <vector>

#include "data/deskew.h"
#include "util/settings.h"

namespace digits {

// A model is its preprocessing and its network: one is no use without the other.
struct Preprocessing {
    bool deskew = false;

    bool operator==(const Preprocessing&) const = default;
};

inline std::vector<Setting> settings_of(Preprocessing& settings) {
    return {
        {"deskew", "shear each image upright first, by the slant of its ink", &settings.deskew}};
}

// Changes a batch of images, X (B, rows * columns), in place.
inline void preprocess(const Preprocessing& preprocessing, std::size_t rows, std::size_t columns,
                       Matrix& input) {
    if (preprocessing.deskew) deskew(rows, columns, input);
}

}  // namespace digits
