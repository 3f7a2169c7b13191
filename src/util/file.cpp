#include "util/file.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <system_error>

#include "util/require.h"

// fsync() is POSIX, not standard C++. MinGW on Windows has the headers of POSIX but not fsync().
#if __has_include(<unistd.h>) && !defined(_WIN32)
#include <fcntl.h>
#include <unistd.h>
#define DIGITS_HAS_FSYNC 1
#endif

// Windows would convert line endings in standard input, and end it at a byte 26.
#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#define DIGITS_HAS_TEXT_MODE 1
#endif

namespace digits {
namespace {

// Returns when the contents of the file, or the names in the folder, are on the disk. Returns false
// and sets errno if that failed. A file system without fsync() (EINVAL) is not an error.
bool flush_to_disk([[maybe_unused]] const std::filesystem::path& path) {
#ifdef DIGITS_HAS_FSYNC
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    const bool is_done = fsync(file) == 0 || errno == EINVAL;
    const int reason = errno;
    close(file);
    errno = reason;
    return is_done;
#else
    return true;
#endif
}

}  // namespace

namespace {

constexpr std::size_t stream_limit = std::size_t{1} << 30;

std::string words_for(int error_number) {
    if (error_number == 0) return "for an unknown reason";
    return std::generic_category().message(error_number);
}

// Everything that `read` delivers: it writes up to so many bytes to an address and returns how many
// there were, fewer only at the end. `expected` saves reallocations but may be wrong.
template <class Read>
std::vector<std::uint8_t> read_to_end(const std::string& name, std::size_t expected,
                                      std::size_t limit, Read read) {
    // One byte more than expected, to find the end without another round.
    std::vector<std::uint8_t> bytes(std::min(expected, limit) + 1);
    for (std::size_t used = 0;;) {
        const std::size_t count = read(bytes.data() + used, bytes.size() - used);
        used += count;
        if (used > limit) {
            fail(name, ": has more than ", limit, " bytes, the most that is read here; is it the ",
                 "right file?");
        }
        if (used < bytes.size()) {
            bytes.resize(used);
            return bytes;
        }
        bytes.resize(std::min(2 * used, limit) + 1);
    }
}

std::vector<std::uint8_t> read_standard_input(std::size_t limit) {
#ifdef DIGITS_HAS_TEXT_MODE
    _setmode(_fileno(stdin), _O_BINARY);
#endif
    const std::string name = input_name("-");
    return read_to_end(name, 1 << 16, std::min(limit, stream_limit),
                       [&](std::uint8_t* to, std::size_t count) {
                           errno = 0;
                           const std::size_t done = std::fread(to, 1, count, stdin);
                           if (std::ferror(stdin)) {
                               fail(name, ": cannot be read (", words_for(errno), ")");
                           }
                           return done;
                       });
}

}  // namespace

std::vector<std::uint8_t> read_file(const std::filesystem::path& path, std::size_t limit) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) {
        fail(path.string(), ": is a folder, where a file is expected");
    }
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file) fail(path.string(), ": cannot be opened (", words_for(errno), ")");
    std::size_t expected = 1 << 16;
    if (std::filesystem::is_regular_file(path, error)) {
        const std::uintmax_t size = std::filesystem::file_size(path, error);
        if (!error) expected = static_cast<std::size_t>(size);
    } else {
        limit = std::min(limit, stream_limit);
    }
    return read_to_end(path.string(), expected, limit, [&](std::uint8_t* to, std::size_t count) {
        errno = 0;
        file.read(reinterpret_cast<char*>(to), static_cast<std::streamsize>(count));
        if (file.bad()) fail(path.string(), ": cannot be read (", words_for(errno), ")");
        return static_cast<std::size_t>(file.gcount());
    });
}

std::vector<std::uint8_t> read_input(const std::filesystem::path& path, std::size_t limit) {
    return path == "-" ? read_standard_input(limit) : read_file(path, limit);
}

std::string input_name(const std::filesystem::path& path) {
    return path == "-" ? "standard input" : path.string();
}

void write_file(const std::filesystem::path& path, std::span<const std::string_view> parts,
                Flush flush) {
    // A device such as /dev/stdout is written in place: renaming would replace it by a file.
    std::error_code error;
    const bool in_place =
        std::filesystem::exists(path, error) && !std::filesystem::is_regular_file(path, error);
    std::filesystem::path unfinished = path;
    if (!in_place) unfinished += ".part";
    errno = 0;
    int reason = 0;
    {
        std::ofstream file(unfinished, std::ios::binary);
        for (const std::string_view part : parts) {
            file.write(part.data(), static_cast<std::streamsize>(part.size()));
        }
        file.close();  // reports errors in writing the last bytes
        const bool is_durable = flush == Flush::to_disk && !in_place;
        const bool is_written = file && (!is_durable || flush_to_disk(unfinished));
        reason = errno;
        if (is_written && !in_place) std::filesystem::rename(unfinished, path, error);
        if (is_written && !error) {
            // The new name must reach the disk, too. If that fails, the file exists all the same.
            const std::filesystem::path folder = path.parent_path();
            if (is_durable) flush_to_disk(folder.empty() ? "." : folder);
            return;
        }
    }
    std::error_code ignored;
    if (!in_place) std::filesystem::remove(unfinished, ignored);
    if (!error) error.assign(reason, std::generic_category());
    fail(path.string(), ": cannot be written (", error.message(),
         "); does its folder exist, is it writable, and is there enough space?");
}

std::string_view as_characters(std::span<const std::uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace digits
