#include "util/file.h"

#include <cerrno>
#include <fstream>
#include <system_error>

#include "util/require.h"

// fsync() is POSIX, not standard C++. MinGW on Windows has the headers of POSIX but not fsync().
#if __has_include(<unistd.h>) && !defined(_WIN32)
#include <fcntl.h>
#include <unistd.h>
#define DIGITS_HAS_FSYNC 1
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

std::vector<std::uint8_t> read_file(const std::filesystem::path& path) {
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(path, error);
    std::ifstream file(path, std::ios::binary);
    if (error || !file) {
        fail(path.string(), ": cannot be opened as a file; does it exist, and is it readable?");
    }
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size));
    file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (!file) fail(path.string(), ": only ", file.gcount(), " of ", size, " bytes could be read");
    return bytes;
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
