// Fuzzes Netpbm files, and the normalization of images by `digits predict`.
#include "data/normalize_digit.h"
#include "formats/image.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    digits::testing::must_cope([&] {
        const digits::GrayImage image = digits::decode_netpbm({data, size}, "fuzz");
        digits::normalize_digit(image, 28, 28, "fuzz");
    });
    return 0;
}
