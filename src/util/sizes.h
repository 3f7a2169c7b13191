// Arithmetic with sizes that cannot overflow unnoticed: ceil_div and checked products.
#pragma once

#include <cstddef>
#include <limits>

#include "util/require.h"

namespace digits {

// amount / by, rounded up: 10 images in batches of 4 are 3 batches. Correct for all by > 0; the
// usual (amount + by - 1) / by overflows if the amount is huge.
constexpr std::size_t ceil_div(std::size_t amount, std::size_t by) {
    return amount / by + (amount % by != 0 ? 1 : 0);
}

// a * b. Throws std::invalid_argument that begins with `context` when that overflows.
inline std::size_t checked_product(std::size_t a, std::size_t b, const char* context) {
    require(b == 0 || a <= std::numeric_limits<std::size_t>::max() / b, context, ": ", a, " x ", b,
            " overflow the size type");
    return a * b;
}

}  // namespace digits
