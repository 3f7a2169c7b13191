// Fuzzes IDX files, plain or gzipped.
#include "formats/idx.h"

#include <vector>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::vector<std::uint8_t> bytes(data, data + size);
    digits::testing::must_cope([&] { digits::parse_idx_images(bytes, "fuzz"); });
    digits::testing::must_cope([&] { digits::parse_idx_labels(bytes, "fuzz"); });
    return 0;
}
