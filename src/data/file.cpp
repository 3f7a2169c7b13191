#include "data/file.h"

#include <cerrno>
#include <fstream>
#include <system_error>

#include "math/require.h"

namespace digits {

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

void write_file(const std::filesystem::path& path, std::initializer_list<std::string_view> parts) {
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
        reason = errno;
        if (file && !in_place) std::filesystem::rename(unfinished, path, error);
        if (file && !error) return;
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
