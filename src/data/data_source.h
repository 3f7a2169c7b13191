// Where the images of a training come from: a folder of IDX files, or digits drawn by the program.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

#include "data/dataset.h"
#include "util/settings.h"

namespace digits {

inline constexpr const char* mnist_folder = "data/mnist";  // where `make mnist` puts it
inline constexpr const char* drawn_digits = "drawn";       // instead of a folder: draw them

struct DataSource {
    // `drawn` for drawn digits; empty: data/mnist if it is there, else drawn digits.
    std::filesystem::path folder{};
    std::filesystem::path test_folder{};  // empty: the test images of the same folder
    double split = 0.0;                   // if not 0, pool, shuffle, and train on this share
};

// The share of all images to train on, when training and test images are split anew.
Setting split_setting(DataSource& source);

// As many as MNIST has, and always the same ones.
inline constexpr std::size_t drawn_training_digits = 60000;
inline constexpr std::size_t drawn_test_digits = 10000;
inline constexpr std::uint64_t drawn_digits_seed = 1;

// Digits that the program draws: the first `training` of them to train with, the rest to test.
TrainTest draw_digits(std::size_t training, std::size_t test, std::uint64_t seed);

// Loads or draws what `source` describes. `random` is for the split alone. Throws
// std::runtime_error when a file is missing or damaged, std::invalid_argument when the source names
// both a split and a test folder.
TrainTest load_data(const DataSource& source, Random& random);

// Whether load_data() will draw digits, asked to or because there is nothing else.
bool draws_digits(const DataSource& source);

}  // namespace digits
