// Handwritten digits that nobody wrote: drawn by the program, so that training works offline.
#pragma once

#include <cstddef>
#include <cstdint>

#include "data/dataset.h"

namespace digits {

// `count` images of 28 x 28, made as MNIST's were: the digit fits a 20 x 20 box and its centre of
// mass lies in the middle. Every ten in a row show the ten classes in an order of their own.
// Image i depends on seed and i alone: the first of many are the same as when only a few are
// made, and the bytes are the same for every thread count, compiler and system.
Dataset synthesize(std::size_t count, std::uint64_t seed);

}  // namespace digits
