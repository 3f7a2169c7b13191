// Data source: the images come from a folder of IDX files or are digits drawn by the program.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

#include "data/dataset.h"
#include "util/settings.h"

namespace digits {

inline constexpr const char* mnist_folder = "data/mnist";  // where `make mnist` puts it
inline constexpr const char* drawn_digits = "drawn";  // in place of a folder name: draw the digits

struct DataSource {
    // `drawn` for drawn digits; empty: data/mnist if it exists, else drawn digits.
    std::filesystem::path folder{};
    std::filesystem::path test_folder{};  // empty: the test images of the same folder
    double split = 0.0;                   // if not 0: pool all images, shuffle, train on this share
    // The files of `folder` or of `test_folder` store each image column after column.
    bool transpose = false;
    bool transpose_test = false;

    bool operator==(const DataSource&) const = default;
};

// The setting for DataSource::split.
Setting split_setting(DataSource& source);

// As many as in MNIST; the fixed seed makes them the same in every run.
inline constexpr std::size_t drawn_training_digits = 60000;
inline constexpr std::size_t drawn_test_digits = 10000;
inline constexpr std::uint64_t drawn_digits_seed = 1;

// Draws synthetic digits: the first `training` of them are the training set, the rest the test set.
TrainTest draw_digits(std::size_t training, std::size_t test, std::uint64_t seed);

// Loads or draws what `source` describes. `random` is for the split alone. Throws
// std::runtime_error when a file is missing or damaged, std::invalid_argument when the source names
// both a split and a test folder, or when the split leaves one part empty.
TrainTest load_data(const DataSource& source, Random& random);

// The training or test images of a source without a split. Only the files of that part are read:
// the others need not be there.
Dataset load_part(const DataSource& source, Part part);

// Training and test images together, as they are before a split.
Dataset load_pooled(const DataSource& source);

// Whether the data of `source.folder` are drawn, because it says so or because MNIST is missing.
bool draws_digits(const DataSource& source);

}  // namespace digits
