// Unpacks zlib data, which is what PNG files hold: DEFLATE data between two bytes and a check sum.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace digits {

// The check sum of zlib (RFC 1950).
std::uint32_t adler32(std::span<const std::uint8_t> bytes);

// What zlib data unpacks to. Throws std::runtime_error, which begins with `name` and calls the file
// by its `format`, when it is damaged, cut short or followed by something else, or when it unpacks
// to more than `limit` bytes.
std::vector<std::uint8_t> unpack_zlib(std::span<const std::uint8_t> bytes, const std::string& name,
                                      const char* format, std::size_t limit);

}  // namespace digits
