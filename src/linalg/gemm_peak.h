// Peak floating-point throughput: the speed at which this machine multiplies and adds in registers,
// and the upper bound for gemm().
#pragma once

#include <cstddef>

namespace digits {

// Multiplies and adds in registers, `rounds` times for each of many independent sums, on all
// threads of the pool at once. Returns the total number of multiplications and additions. Divided
// by the time, which the caller measures, this is a speed that no product can exceed.
double multiply_and_add_in_registers(std::size_t rounds);

// The SIMD instruction set that gemm() was compiled for: "AVX-512", "AVX", "NEON" ...
const char* vector_instructions();

}  // namespace digits
