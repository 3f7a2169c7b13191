// One part of a product, as large as one thread computes: cut into blocks that fit the caches.
#pragma once

#include <cstddef>

#include "math/divide.h"
#include "math/gemm_kernel.h"

namespace digits::detail {

struct Range {
    std::size_t begin, end;

    std::size_t size() const { return end - begin; }
};

struct Product {
    View<const float> a, b;
    View<float> c;
    std::size_t M, N, K;
    bool add;          // to what c holds
    bool a_is_sparse;  // so much so that it pays to look for its zeros
};

// Computes these rows and columns of c. Cuts at multiples of MR and NR leave the fewest ragged
// tiles.
void multiply_part(const Product& product, Range rows, Range columns);

}  // namespace digits::detail
