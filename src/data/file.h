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
// disk is full. Throws std::runtime_error that names the file when it cannot be written.
void write_file(const std::filesystem::path& path, std::initializer_list<std::string_view> parts);

// Bytes as the characters that write_file() takes.
std::string_view as_characters(std::span<const std::uint8_t> bytes);

}  // namespace digits
