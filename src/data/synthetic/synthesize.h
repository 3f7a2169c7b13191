// Synthetic handwritten digits, drawn by the program, so that training works offline.
#pragma once

#include <cstddef>
#include <cstdint>

#include "data/dataset.h"

namespace digits {

// `count` images of 28 x 28 pixels, normalized like MNIST's: the digit fits a 20 x 20 box and its
// centre of mass lies in the middle. Each block of ten shows the ten classes in a random order.
// Image i depends on `seed` and i alone: a smaller data set is the beginning of a larger one, and
// the bytes are the same for every thread count, compiler and system.
Dataset synthesize(std::size_t count, std::uint64_t seed);

}  // namespace digits
