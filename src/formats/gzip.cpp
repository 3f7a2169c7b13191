// The gzip and zlib wrappers around DEFLATE data: a header before it, a checksum (and, for gzip,
// the length) after it. Also those checksums, CRC-32 and Adler-32.
#include "formats/gzip.h"

#include <algorithm>
#include <array>

#include "formats/bit_reader.h"
#include "formats/inflate.h"

namespace digits {
namespace {

// Header flags: which optional fields are present.
constexpr unsigned has_header_check = 2;
constexpr unsigned has_extra = 4;
constexpr unsigned has_name = 8;
constexpr unsigned has_comment = 16;
constexpr unsigned reserved_flags = 0xe0;

void skip_text(BitReader& reader) {
    while (reader.take(8) != 0) continue;
}

// The fixed part is 1f 8b, the compression method, the flags, the modification time (4 bytes), a
// hint at the compression level, and the operating system. The optional fields are not needed, but
// we must find their end.
void skip_header(BitReader& reader, std::span<const std::uint8_t> file) {
    const auto header = file.subspan(reader.position());
    const auto fixed = reader.take_bytes(10);
    const unsigned method = fixed[2], flags = fixed[3];
    if (method != 8) reader.damaged("compression method: expected 8, found ", method);
    if (flags & reserved_flags) reader.damaged("unknown header flags");
    if (flags & has_extra) reader.take_bytes(reader.take(16));
    if (flags & has_name) skip_text(reader);
    if (flags & has_comment) skip_text(reader);
    if (flags & has_header_check) {
        const std::uint32_t actual = crc32(header.first(header.size() - reader.bytes_left()));
        if (reader.take(16) != (actual & 0xffff)) reader.damaged("the header checksum is wrong");
    }
}

void unpack_member(BitReader& reader, std::span<const std::uint8_t> file,
                   std::vector<std::uint8_t>& output, std::size_t limit) {
    const std::size_t begin = output.size();
    skip_header(reader, file);
    if (!inflate(reader, output, limit)) {
        fail(reader.name(), ": unpacks to more than the ", limit, " bytes allowed; ",
             "if it is meant to be so large, unpack it with a different program first");
    }
    const auto unpacked = std::span(output).subspan(begin);
    reader.align();
    if (reader.take(32) != crc32(unpacked)) reader.damaged("the checksum is wrong");
    if (reader.take(32) != (unpacked.size() & 0xffffffff)) reader.damaged("the length is wrong");
}

// Zeros after a member: tapes and some downloaders fill up the last block.
void skip_zeros(BitReader& reader) {
    while (reader.bytes_left() > 0 && reader.peek(8) == 0) reader.take(8);
}

// The uncompressed size of the last member is stored in the last 4 bytes, little-endian. Reserving
// it avoids reallocations, but it may be wrong. No file can unpack to more than 1032 times its
// size, because a match of 2 bits, one for the length and one for the distance, gives at most 258
// bytes.
std::size_t expected_size(std::span<const std::uint8_t> file, std::size_t limit) {
    if (file.size() < 4) return 0;
    std::size_t size = 0;
    for (unsigned i = 1; i <= 4; ++i) size = size << 8 | file[file.size() - i];
    return std::min({size, limit, 1032 * file.size()});
}

// CRC-32: the file's bits are the coefficients of one long polynomial, and the checksum is the
// remainder of its division by a fixed polynomial. remainders[k][b] is the remainder of byte b
// followed by k zero bytes.
constexpr std::uint32_t divisor = 0xedb88320;  // bit-reversed: the highest power is the lowest bit
constexpr auto remainders = [] {
    std::array<std::array<std::uint32_t, 256>, 8> table{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t remainder = byte;
        for (auto& row : table) {
            for (int bit = 0; bit < 8; ++bit) {
                remainder = remainder >> 1 ^ (remainder & 1 ? divisor : 0);
            }
            row[byte] = remainder;
        }
    }
    return table;
}();

}  // namespace

bool is_gzip(std::span<const std::uint8_t> bytes) {
    return bytes.size() >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

std::vector<std::uint8_t> gunzip(std::span<const std::uint8_t> bytes, const std::string& name,
                                 std::size_t limit) {
    if (!is_gzip(bytes)) fail(name, ": is not a gzip file: it does not begin with the bytes 1f 8b");
    std::vector<std::uint8_t> output;
    output.reserve(expected_size(bytes, limit));
    BitReader reader(bytes, name);
    do {
        unpack_member(reader, bytes, output, limit);
        skip_zeros(reader);
    } while (is_gzip(bytes.subspan(reader.position())));
    return output;
}

// Slicing by 8: remainders are linear, so that of eight bytes is the exclusive or of the eight
// single contributions. Byte by byte, each table look-up would have to wait for the one before;
// eight at once are 5 times as fast.
std::uint32_t crc32(std::span<const std::uint8_t> bytes) {
    std::uint32_t crc = 0xffffffff;
    while (bytes.size() >= 8) {
        std::uint32_t next = 0;
        for (unsigned i = 0; i < 8; ++i) {
            const std::uint32_t carried = i < 4 ? crc >> 8 * i & 0xff : 0;
            next ^= remainders[7 - i][bytes[i] ^ carried];
        }
        crc = next;
        bytes = bytes.subspan(8);
    }
    for (const std::uint8_t byte : bytes) crc = crc >> 8 ^ remainders[0][(crc ^ byte) & 0xff];
    return ~crc;
}

// a is the sum of the bytes and b the sum of all a's, both modulo the largest prime below 2^16.
std::uint32_t adler32(std::span<const std::uint8_t> bytes) {
    std::uint32_t a = 1, b = 0;
    for (const std::uint8_t byte : bytes) {
        a = (a + byte) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

std::vector<std::uint8_t> unpack_zlib(std::span<const std::uint8_t> bytes, const std::string& name,
                                      const char* format, std::size_t wanted) {
    BitReader reader(bytes, name, format);
    const unsigned method = reader.take(8), flags = reader.take(8);
    // The low half is DEFLATE; the high half is 8 less than the logarithm of the farthest distance.
    if (method % 16 != 8 || method > 0x78) reader.damaged("unknown zlib compression method");
    if ((method * 256 + flags) % 31 != 0) reader.damaged("wrong check bits in the zlib header");
    if (flags & 32)
        reader.damaged("its zlib data needs a preset dictionary, which is not supported");
    std::vector<std::uint8_t> output;
    // The checksum is of all bytes: with more than the wanted ones, it is never reached.
    if (!inflate(reader, output, wanted)) return output;
    reader.align();
    std::uint32_t checksum = 0;
    for (int byte = 0; byte < 4; ++byte) checksum = checksum << 8 | reader.take(8);
    if (checksum != adler32(output)) reader.damaged("the checksum of its zlib data is wrong");
    return output;
}

}  // namespace digits
