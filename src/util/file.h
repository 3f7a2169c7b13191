// Whole files, in and out: the only place where the library opens one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

namespace digits {

// Throws std::runtime_error that names the file when it cannot be read.
std::vector<std::uint8_t> read_file(const std::filesystem::path& path);

// The parts one after the other become the file. It is written under another name beside `path` and
// then renamed: whoever looks finds the old file or the new one, never half of it, also when the
// disk is full. With Flush::to_disk that holds when the power fails, too: the system may otherwise
// keep the contents in memory for half a minute; it takes some milliseconds, where POSIX offers it.
// Throws std::runtime_error that names the file when it cannot be written.
enum class Flush { whenever, to_disk };
void write_file(const std::filesystem::path& path, std::span<const std::string_view> parts,
                Flush flush = Flush::whenever);
inline void write_file(const std::filesystem::path& path,
                       std::initializer_list<std::string_view> parts,
                       Flush flush = Flush::whenever) {
    write_file(path, std::span(parts.begin(), parts.size()), flush);
}

// Bytes as the characters that write_file() takes.
std::string_view as_characters(std::span<const std::uint8_t> bytes);

}  // namespace digits
