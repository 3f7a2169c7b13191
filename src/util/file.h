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

// Writes the concatenated parts. They are written under a temporary name of their own next to the
// file, which is then renamed: readers see the old file or the new one, never half of it, even if
// the disk is full or several programs write the file at once (the last one wins). A replaced file
// keeps its permissions; where `path` is a symbolic link, the file that it points to is replaced.
// A write-protected file is not replaced. With Flush::to_disk the new file also survives a power
// failure: otherwise the system may keep the contents in memory for half a minute. The flush takes
// some milliseconds and needs POSIX; a file system that cannot flush is no error.
// Throws std::runtime_error, which names the file, if it cannot be written.
enum class Flush { whenever, to_disk };
void write_file(const std::filesystem::path& path, std::span<const std::string_view> parts,
                Flush flush = Flush::whenever);
inline void write_file(const std::filesystem::path& path,
                       std::initializer_list<std::string_view> parts,
                       Flush flush = Flush::whenever) {
    write_file(path, std::span(parts.begin(), parts.size()), flush);
}

// Removes the temporary files that programs that were killed have left in a folder. Nobody may be
// writing there.
void remove_temporary_files(const std::filesystem::path& folder);

// The number of bytes that can still be written to a folder, as far as the system says: the largest
// number if it does not.
std::uintmax_t available_space(const std::filesystem::path& folder);

// A view of bytes as characters, as write_file() takes them.
std::string_view as_characters(std::span<const std::uint8_t> bytes);

}  // namespace digits
