// Leaving out what is multiplied by zero: most pixels of a digit are paper.
//
// Four of five numbers in a batch of MNIST are zero, but scattered: no tile of the product is all
// zero. Within a strip of six rows, though, more than half of the steps in k multiply B by six
// zeros: six pictures have the margin and the corners in common, and six pixels beside each other
// are mostly paper in the same pictures. The kernel is told which steps remain and visits only
// those. Adding zero times a finite number changes nothing, so the result has the same bits as with
// all of them; only an infinity or a not-a-number in B may be left out with its zeros.
#pragma once

#include <cstdint>
#include <cstring>

#include "math/gemm_kernel.h"

namespace digits::detail {

// Whether it is worth looking for zeros in a (M, K), judged by 64 of its numbers. Looking costs a
// tenth of the product; what ReLU leaves, with every second number zero, would not repay it.
inline bool is_mostly_zero(View<const float> a, std::size_t M, std::size_t K) {
    constexpr std::uint64_t samples = 64, few = 19;
    std::uint64_t others = 0;
    for (std::uint64_t i = 0; i < samples && others <= few; ++i) {
        // Multiples of 1/p and 1/p^2 modulo 1, with p^3 = p + 1, fill a square evenly: Roberts,
        // "The Unreasonable Effectiveness of Quasirandom Sequences", 2018.
        const std::uint64_t down = i * 0xc13fa9a9 & 0xffffffff;
        const std::uint64_t across = i * 0x91e10da6 & 0xffffffff;
        others += *a.from(down * M >> 32, across * K >> 32).data != 0.0f;
    }
    return others <= few;
}

// The bits of two floats at once: zero when both are +0.
inline std::uint64_t bits_of_pair(const float* pair) {
    std::uint64_t bits;
    std::memcpy(&bits, pair, sizeof bits);
    return bits;
}

// Lists the k below `depth`, which is at most KC, for which a strip of a has a number that is not
// zero. Returns how many there are.
template <std::size_t KC>
std::size_t list_steps(View<const float> a, std::size_t rows, std::size_t depth,
                       std::uint32_t (&steps)[KC]) {
    std::uint32_t is_needed[KC];
    if (a.is_transposed) {
        for (std::size_t k = 0; k < depth; ++k) {
            const float* const numbers = a.data + k * a.stride;
            std::uint64_t bits = 0;
            if (rows == MR) {  // nearly always: worth being spelled out
                bits =
                    bits_of_pair(numbers) | bits_of_pair(numbers + 2) | bits_of_pair(numbers + 4);
            } else {
                for (std::size_t r = 0; r < rows; ++r) bits |= numbers[r] != 0.0f;
            }
            is_needed[k] = bits != 0;
        }
    } else {
        for (std::size_t k = 0; k < depth; ++k) is_needed[k] = 0;
        for (std::size_t r = 0; r < rows; ++r) {
            const float* const numbers = a.data + r * a.stride;
            for (std::size_t k = 0; k < depth; ++k) is_needed[k] |= numbers[k] != 0.0f;
        }
    }
    std::size_t count = 0;
    for (std::size_t k = 0; k < depth; ++k) {
        steps[count] = static_cast<std::uint32_t>(k);
        count += is_needed[k];  // without a branch, which nobody could predict
    }
    return count;
}

}  // namespace digits::detail
