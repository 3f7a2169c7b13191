// Which pictures a command works with: a folder of IDX files, or digits that the program draws.
#pragma once

#include <filesystem>

#include "data/dataset.h"
#include "program/command_line.h"

namespace digits {

struct DataOptions {
    // `drawn` for drawn digits; empty: data/mnist if it is there, else drawn digits.
    std::filesystem::path folder;
    std::filesystem::path test_folder;  // empty: the test pictures of the same folder
    double split = 0.0;                 // if not 0, pool, shuffle, and train on this share
};

void add_data_option(CommandLine& line, DataOptions& options);
void add_test_options(CommandLine& line, DataOptions& options);

// As many as MNIST has, and always the same ones.
inline constexpr std::size_t drawn_training_digits = 60000;
inline constexpr std::size_t drawn_test_digits = 10000;
inline constexpr std::uint64_t drawn_digits_seed = 1;

// Digits that the program draws: the first `training` of them to train with, the rest to test.
TrainTest draw_digits(std::size_t training, std::size_t test, std::uint64_t seed);

// What the options ask for. `random` is for the split alone. Throws std::runtime_error when a file
// is missing or damaged, UsageError when two options contradict each other.
TrainTest load_data(const DataOptions& options, Random& random);

// Whether load_data() will draw digits, asked to or because there is nothing else.
bool draws_digits(const DataOptions& options);

}  // namespace digits
