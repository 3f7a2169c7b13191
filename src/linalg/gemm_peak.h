// The yardstick for the product: how fast this machine multiplies and adds when nothing else is
// asked.
#pragma once

#include <cstddef>

namespace digits {

// Multiplies and adds in registers, `rounds` times each of many sums that do not wait for each
// other, on every thread of the pool at once. Returns how many multiplications and additions that
// were in all. Timed by the caller, this is a speed that no product can exceed.
double multiply_and_add_in_registers(std::size_t rounds);

// What gemm() was compiled for: "AVX-512", "AVX", "NEON" ...
const char* vector_instructions();

}  // namespace digits
