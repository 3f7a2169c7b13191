// A lock on a file, so that two programs do not write to the same folder at once.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace digits {

// Held from the constructor on until this object or the program ends, however it ends. Files on
// which the system knows no locks count as free.
class FileLock {
public:
    // Creates the file, locks it and writes `owner` into it, for those who find it locked. Check
    // is_held() afterwards. Throws std::runtime_error if the file cannot be created.
    FileLock(const std::filesystem::path& path, std::string_view owner);

    // Removes the file.
    ~FileLock();

    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

    bool is_held() const { return is_held_; }

    // What the program that holds the lock says of itself, if is_held() is false.
    const std::string& other_owner() const { return other_owner_; }

private:
    std::filesystem::path path_;
    bool is_held_ = false;
    std::string other_owner_;
#ifdef _WIN32
    void* handle_ = nullptr;
#else
    int file_ = -1;
#endif
};

}  // namespace digits
