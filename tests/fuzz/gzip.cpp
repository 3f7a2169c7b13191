// Fuzzes gzip files, and DEFLATE data alone, because a fuzzer would never guess a valid checksum.
#include "formats/gzip.h"

#include <string>
#include <vector>

#include "formats/inflate.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t limit = 1 << 20;
    digits::testing::must_cope([&] { digits::gunzip({data, size}, "fuzz", limit); });
    digits::testing::must_cope([&] {
        const std::string name = "fuzz";
        digits::BitReader reader({data, size}, name);
        std::vector<std::uint8_t> output;
        digits::inflate(reader, output, limit);
    });
    return 0;
}
