// A data set for tests whose images contain their own index and label.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "check.h"
#include "data/dataset.h"

namespace digits::testing {

// Images of 1 x 2: the first pixel is the image's number, from `first` on, the second its label.
inline Dataset numbered(std::size_t count, std::size_t classes, std::size_t first = 0) {
    std::vector<std::uint8_t> pixels, labels;
    for (std::size_t i = 0; i < count; ++i) {
        const auto label = static_cast<std::uint8_t>((first + i) % classes);
        pixels.push_back(static_cast<std::uint8_t>(first + i));
        pixels.push_back(label);
        labels.push_back(label);
    }
    return {"numbered", 1, 2, classes, std::move(pixels), std::move(labels)};
}

// The numbers of the images, after checking that each still has its label.
inline std::vector<std::size_t> numbers_in(const Dataset& data,
                                           Location location = Location::current()) {
    std::vector<std::size_t> numbers;
    for (std::size_t i = 0; i < data.size(); ++i) {
        numbers.push_back(data.image(i)[0]);
        check_equal(data.image(i)[1], data.labels[i], location);
    }
    return numbers;
}

}  // namespace digits::testing
