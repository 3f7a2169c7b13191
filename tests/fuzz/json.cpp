// Fuzzes JSON: what is read and written again must read back as the same value.
#include "formats/json.h"

#include <cstdlib>
#include <string>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    digits::testing::must_cope([&] {
        const std::string line = digits::read_json(text, "fuzz").to_line();
        if (digits::read_json(line, "again").to_line() != line) std::abort();
    });
    return 0;
}
