// Whole files, in and out: the only place where the library opens one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace digits {

// Throws std::runtime_error that names the file when it cannot be read.
std::vector<std::uint8_t> read_file(const std::filesystem::path& path);

// Writes under another name beside `path` first and then renames: whoever looks finds the old file
// or the new one, never half of it, also when the disk is full. Throws std::runtime_error that
// names the file when it cannot be written.
void write_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes);
void write_file(const std::filesystem::path& path, std::string_view characters);

}  // namespace digits
