// The smallest use of the library from another project: exits with 0 when a product is right.
#include "digits.h"

int main() {
    const digits::Matrix a{{1, 2}, {3, 4}};
    digits::Matrix c;
    digits::gemm(a, digits::transposed(a), c);
    return c == digits::Matrix{{5, 11}, {11, 25}} ? 0 : 1;
}
