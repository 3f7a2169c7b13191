// Reading and writing whole files, with atomic replacement. The library opens files only here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace digits {

// The whole file. What has no size of its own, such as a pipe or a device, is read to its end, but
// not beyond 1 GiB: /dev/zero has no end. Throws std::runtime_error, which names the file, if it
// cannot be read or has more than `limit` bytes.
std::vector<std::uint8_t> read_file(const std::filesystem::path& path,
                                    std::size_t limit = std::numeric_limits<std::size_t>::max());

// Like read_file(), but - is standard input. Only the first call finds something there.
std::vector<std::uint8_t> read_input(const std::filesystem::path& path,
                                     std::size_t limit = std::numeric_limits<std::size_t>::max());

// How messages name the input: "standard input" for -, otherwise the path.
std::string input_name(const std::filesystem::path& path);

// Writes the concatenated parts. The file is written under a temporary name next to `path` and then
// renamed: readers see the old file or the new one, never half of it, even if the disk is full.
// With Flush::to_disk that also holds after a power failure: otherwise the system may keep the
// contents in memory for half a minute. The flush takes some milliseconds and needs POSIX.
// Throws std::runtime_error, which names the file, if it cannot be written.
enum class Flush { whenever, to_disk };
void write_file(const std::filesystem::path& path, std::span<const std::string_view> parts,
                Flush flush = Flush::whenever);
inline void write_file(const std::filesystem::path& path,
                       std::initializer_list<std::string_view> parts,
                       Flush flush = Flush::whenever) {
    write_file(path, std::span(parts.begin(), parts.size()), flush);
}

// A view of bytes as characters, as write_file() takes them.
std::string_view as_characters(std::span<const std::uint8_t> bytes);

}  // namespace digits
