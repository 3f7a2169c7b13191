// Decompression of gzip files (RFC 1952) and zlib data (RFC 1950), and their checksums.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace digits {

// Whether the bytes begin with the signature of gzip, 1f 8b.
bool is_gzip(std::span<const std::uint8_t> bytes);

// Decompresses a gzip file. As gzip and zlib do, it concatenates the contents of several members,
// also with zeros between them, and ignores whatever else follows the last one: each member ends
// with its length and checksum, so nothing is missing from it. Throws std::runtime_error, whose
// message begins with `name`, if the file is damaged or truncated, or if it unpacks to more than
// `limit` bytes: a small file cannot exhaust the memory.
std::vector<std::uint8_t> gunzip(std::span<const std::uint8_t> bytes, const std::string& name,
                                 std::size_t limit = std::size_t{1} << 30);

// The CRC-32 checksum of gzip, zip, PNG and Ethernet.
std::uint32_t crc32(std::span<const std::uint8_t> bytes);

// The Adler-32 checksum of zlib (RFC 1950).
std::uint32_t adler32(std::span<const std::uint8_t> bytes);

// Decompresses zlib data, up to the wanted number of bytes; what follows them, or the end of the
// data, is not read. Throws std::runtime_error, whose message begins with `name` and calls the file
// a `format` file, if the data is damaged or truncated before that.
std::vector<std::uint8_t> unpack_zlib(std::span<const std::uint8_t> bytes, const std::string& name,
                                      const char* format, std::size_t wanted);

}  // namespace digits
