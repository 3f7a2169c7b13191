// Arithmetic with sizes that cannot overflow unnoticed: ceil_div and checked products.
#pragma once

#include <cstddef>

namespace digits {

// amount / by, rounded up: 10 images in batches of 4 are 3 batches. Correct for all by > 0; the
// usual (amount + by - 1) / by overflows if the amount is huge.
constexpr std::size_t ceil_div(std::size_t amount, std::size_t by) {
    return amount / by + (amount % by != 0 ? 1 : 0);
}

}  // namespace digits
