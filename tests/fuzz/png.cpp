// Fuzzes PNG files. A fuzzer would never guess valid chunk checksums, so the same bytes are also
// used as the header fields, the palette, the Exif data and the rows of a file with valid
// checksums.
#include <algorithm>
#include <vector>

#include "formats/image.h"
#include "fuzz.h"
#include "tests/png_builder.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    digits::testing::must_cope([&] { digits::decode_png({data, size}, "fuzz"); });
    if (size < 7) return 0;
    digits::testing::PngBuilder builder;
    builder.width = data[0];
    builder.height = data[1];
    builder.depth = data[2];
    builder.colour_type = data[3];
    builder.interlace = data[4];
    const std::span<const std::uint8_t> rest(data + 7, size - 7);
    const auto palette = rest.first(std::min<std::size_t>(rest.size(), data[5]));
    const auto transparent = rest.first(std::min<std::size_t>(rest.size(), data[6]));
    const auto chunk = [](const char* type, std::span<const std::uint8_t> bytes) {
        return digits::testing::png_chunk(type, {bytes.begin(), bytes.end()});
    };
    if (data[5] > 0) {
        builder.before = digits::testing::joined(chunk("PLTE", palette), chunk("eXIf", palette));
    }
    if (data[6] > 0) {
        builder.before = digits::testing::joined(builder.before, chunk("tRNS", transparent));
    }
    const auto rows = rest.first(std::min<std::size_t>(rest.size(), 65535));
    builder.rows = {rows.begin(), rows.end()};
    digits::testing::must_cope([&] { digits::decode_png(builder.file(), "fuzz"); });
    return 0;
}
