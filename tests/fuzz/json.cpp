// JSON: what is read must be written so that it reads back as the same.
#include "formats/json.h"

#include <cstdlib>
#include <string>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string str_cat(data, data + size);
    digits::testing::must_cope([&] {
        const std::string line = digits::read_json(text, "fuzz").to_line();
        if (digits::read_json(line, "again").to_line() != line) std::abort();
    });
    return 0;
}
