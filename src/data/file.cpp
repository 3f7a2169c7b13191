#include "data/file.h"

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

void write_file(const std::filesystem::path& path, std::string_view characters) {
    std::filesystem::path unfinished = path;
    unfinished += ".part";
    std::error_code error;
    {
        std::ofstream file(unfinished, std::ios::binary);
        file.write(characters.data(), static_cast<std::streamsize>(characters.size()));
        file.close();
        if (file) std::filesystem::rename(unfinished, path, error);
        if (file && !error) return;
    }
    std::error_code ignored;
    std::filesystem::remove(unfinished, ignored);
    fail(path.string(), ": cannot be written (", error ? error.message() : "is the disk full?",
         "); does the folder exist, and may you write there?");
}

void write_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes) {
    write_file(path, std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

}  // namespace digits
