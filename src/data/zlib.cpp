#include "data/zlib.h"

#include "data/bit_reader.h"
#include "data/inflate.h"

namespace digits {

// a sums the bytes and b sums the a's, both modulo the largest prime below 2^16.
std::uint32_t adler32(std::span<const std::uint8_t> bytes) {
    std::uint32_t a = 1, b = 0;
    for (const std::uint8_t byte : bytes) {
        a = (a + byte) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

std::vector<std::uint8_t> unpack_zlib(std::span<const std::uint8_t> bytes, const std::string& name,
                                      const char* format, std::size_t limit) {
    BitReader reader(bytes, name, format);
    const unsigned method = reader.take(8), flags = reader.take(8);
    if (method % 16 != 8) reader.damaged("its zlib data is packed by an unknown method");
    if ((method * 256 + flags) % 31 != 0) reader.damaged("the first bytes of its zlib data");
    if (flags & 32) reader.damaged("its zlib data needs a dictionary, which nobody has");
    std::vector<std::uint8_t> output;
    inflate(reader, output, limit);
    reader.align();
    std::uint32_t checksum = 0;
    for (int byte = 0; byte < 4; ++byte) checksum = checksum << 8 | reader.take(8);
    if (checksum != adler32(output)) reader.damaged("the check sum of its zlib data is wrong");
    if (reader.bytes_left() > 0) reader.damaged("its zlib data ends too early");
    return output;
}

}  // namespace digits
