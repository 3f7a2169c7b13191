#include "util/file.h"

#include <cerrno>
#include <fstream>
#include <system_error>

#include "util/require.h"

// Only the system can say when the bytes are on the disk. Windows has the headers of POSIX but not
// this part of it.
#if __has_include(<unistd.h>) && !defined(_WIN32)
#include <fcntl.h>
#include <unistd.h>
#define DIGITS_HAS_FSYNC 1
#endif

namespace digits {
namespace {

// Returns when the contents of the file, or the names in the folder, are on the disk. False, with
// errno, when the disk refused them. A file system that knows no such thing (EINVAL) is no error.
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
        fail(path.string(), ": cannot be opened as a file; is it there, and may you read it?");
    }
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size));
    file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (!file) fail(path.string(), ": only ", file.gcount(), " of ", size, " bytes could be read");
    return bytes;
}

void write_file(const std::filesystem::path& path, std::span<const std::string_view> parts,
                Flush flush) {
    // A device such as /dev/stdout is written to as it is: a file must not take its place.
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
        file.close();  // so that an error in writing the last bytes is seen
        const bool is_durable = flush == Flush::to_disk && !in_place;
        const bool is_written = file && (!is_durable || flush_to_disk(unfinished));
        reason = errno;
        if (is_written && !in_place) std::filesystem::rename(unfinished, path, error);
        if (is_written && !error) {
            // The new name, too, must reach the disk. Should that fail, the file is there all the
            // same.
            const std::filesystem::path folder = path.parent_path();
            if (is_durable) flush_to_disk(folder.empty() ? "." : folder);
            return;
        }
    }
    std::error_code ignored;
    if (!in_place) std::filesystem::remove(unfinished, ignored);
    if (!error) error.assign(reason, std::generic_category());
    fail(path.string(), ": cannot be written (", error.message(),
         "); does its folder exist, may you write there, and is there room?");
}

std::string_view as_characters(std::span<const std::uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace digits
