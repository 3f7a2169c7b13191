#include "linalg/gemm_peak.h"

#include <vector>

#include "linalg/gemm_kernel.h"
#include "util/parallel.h"

namespace digits {
namespace {

using detail::lanes;
using detail::Vector;

// Each sum has to wait for its previous addition. With three quarters of the registers used as
// sums, there is always a different one that is ready.
constexpr std::size_t sums = detail::registers * 3 / 4;

// `factor` is a parameter: if it were a constant, the compiler could do the work at compile time.
float run_in_registers(std::size_t rounds, float factor) {
    float numbers[sums * lanes];
    for (std::size_t i = 0; i < sums * lanes; ++i) numbers[i] = static_cast<float>(i);
    Vector sum[sums];
    for (std::size_t s = 0; s < sums; ++s) sum[s] = detail::load(numbers + s * lanes);
    for (std::size_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 32
        for (std::size_t s = 0; s < sums; ++s) detail::add_product(sum[s], factor, sum[s]);
    }
    float total = 0.0f;
    for (std::size_t s = 0; s < sums; ++s) total += sum[s][0];
    return total;
}

}  // namespace

double multiply_and_add_in_registers(std::size_t rounds) {
    // Volatile, hence read at run time: no compiler can compute the totals in advance.
    static volatile float factor = -1e-9f;
    const std::size_t threads = thread_count();
    std::vector<float> totals(threads);
    parallel_for(0, threads, 1, [&, small = float{factor}](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) totals[i] = run_in_registers(rounds, small);
    });
    return 2.0 * static_cast<double>(threads * rounds * sums * lanes);
}

const char* vector_instructions() {
    return detail::instructions;
}

}  // namespace digits
