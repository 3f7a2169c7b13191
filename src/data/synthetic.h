// Handwritten digits that nobody wrote: drawn by the program, so that training works offline.
#pragma once

#include <cstddef>
#include <cstdint>

#include "data/dataset.h"

namespace digits {

// `count` pictures of 28 x 28, made as MNIST's were: the digit fits a 20 x 20 box and its centre of
// mass lies in the middle. Labels cycle through the ten classes in shuffled order. Picture i
// depends on seed and i alone: the same bytes for every thread count, compiler and system.
Dataset synthesize(std::size_t count, std::uint64_t seed);

}  // namespace digits
