// Unpacks gzip files: the inflate algorithm (RFC 1951) in its gzip wrapping (RFC 1952).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace digits {

// Whether the bytes begin as every gzip file does: 1f 8b.
bool is_gzip(std::span<const std::uint8_t> bytes);

// What the bytes of a gzip file unpack to; several members one after the other are joined, as
// gunzip does it. Throws std::runtime_error, which begins with `name`, when the file is damaged,
// cut short or followed by something else, or when it unpacks to more than `limit` bytes: a small
// file cannot ask for much more memory than is expected of it.
std::vector<std::uint8_t> gunzip(std::span<const std::uint8_t> bytes, const std::string& name,
                                 std::size_t limit = std::size_t{1} << 30);

// The check sum of gzip, zip, PNG and Ethernet.
std::uint32_t crc32(std::span<const std::uint8_t> bytes);

// The check sum of zlib (RFC 1950).
std::uint32_t adler32(std::span<const std::uint8_t> bytes);

// What zlib data unpacks to. Throws std::runtime_error, which begins with `name` and calls the file
// by its `format`, when it is damaged, cut short or followed by something else, or when it unpacks
// to more than `limit` bytes.
std::vector<std::uint8_t> unpack_zlib(std::span<const std::uint8_t> bytes, const std::string& name,
                                      const char* format, std::size_t limit);

}  // namespace digits
