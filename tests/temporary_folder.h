// Temporary folder for one test, removed with its contents when the test ends.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "util/require.h"

namespace digits::testing {

class TemporaryFolder {
public:
    TemporaryFolder() {
        // create_directory() returns false if the folder exists, so two test runs that draw the
        // same name at the same time do not share a folder.
        std::random_device device;
        for (int attempt = 0; attempt < 100; ++attempt) {
            path_ = std::filesystem::temp_directory_path() / str_cat("digits-test-", device());
            if (std::filesystem::create_directory(path_)) return;
        }
        fail("temporary folder: found no unused name, last tried ", path_.string());
    }

    ~TemporaryFolder() {
        std::error_code ignored;  // a folder left in the system's temporary directory is harmless
        std::filesystem::remove_all(path_, ignored);
    }

    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

inline std::string read_text(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) fail("test: cannot read ", path.string());
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline void write_text(const std::filesystem::path& path, std::string_view content) {
    std::ofstream file(path, std::ios::binary);
    file.write(content.data(), static_cast<std::streamsize>(content.size()));
    if (!file.flush()) fail("test: cannot write ", path.string());
}

// The same for binary data.
inline std::vector<std::uint8_t> read_bytes(const std::filesystem::path& path) {
    const std::string content = read_text(path);
    return {content.begin(), content.end()};
}

inline void write_bytes(const std::filesystem::path& path,
                        const std::vector<std::uint8_t>& content) {
    write_text(path, std::string(content.begin(), content.end()));
}

}  // namespace digits::testing
