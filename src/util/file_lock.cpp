#include "util/file_lock.h"

#include <cerrno>
#include <system_error>

#include "util/require.h"

// The standard library has no file locks.
#if defined(_WIN32)
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#elif __has_include(<sys/file.h>) && __has_include(<unistd.h>)
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#define DIGITS_HAS_FLOCK 1
#endif

namespace digits {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& path, std::error_code error) {
    fail(path.string(), ": cannot be written (", error.message(),
         "); does its folder exist, is it writable, and is there enough space?");
}

}  // namespace

#if defined(_WIN32)

FileLock::FileLock(const std::filesystem::path& path, std::string_view owner) : path_(path) {
    // Others may open the file for reading only. The system deletes it when this program ends.
    handle_ =
        CreateFileW(path.c_str(), GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_DELETE, nullptr,
                    CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL | FILE_FLAG_DELETE_ON_CLOSE, nullptr);
    if (handle_ == INVALID_HANDLE_VALUE) {
        const DWORD error = GetLastError();
        handle_ = nullptr;
        if (error != ERROR_SHARING_VIOLATION && error != ERROR_ACCESS_DENIED) {
            refuse(path, {static_cast<int>(error), std::system_category()});
        }
        other_owner_ = "another program";
        return;
    }
    DWORD written = 0;
    WriteFile(handle_, owner.data(), static_cast<DWORD>(owner.size()), &written, nullptr);
    is_held_ = true;
}

FileLock::~FileLock() {
    if (handle_) CloseHandle(handle_);
}

#elif defined(DIGITS_HAS_FLOCK)

namespace {

std::string contents(int file) {
    char text[200];
    const ssize_t size = pread(file, text, sizeof text, 0);
    return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : "another program";
}

// Whether the file that is open still has this name: its last owner may have removed it meanwhile.
bool is_same_file(int file, const char* path) {
    struct stat opened {
    }, named{};
    return fstat(file, &opened) == 0 && stat(path, &named) == 0 && opened.st_dev == named.st_dev &&
           opened.st_ino == named.st_ino;
}

}  // namespace

FileLock::FileLock(const std::filesystem::path& path, std::string_view owner) : path_(path) {
    while (true) {
        file_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (file_ < 0) refuse(path, {errno, std::generic_category()});
        // flock() fails with EWOULDBLOCK if somebody holds the lock; otherwise, the file system has
        // no locks.
        if (flock(file_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
            other_owner_ = contents(file_);
            close(file_);
            file_ = -1;
            return;
        }
        if (is_same_file(file_, path.c_str())) break;
        close(file_);
    }
    is_held_ = true;
    // Without the text the lock holds as well.
    if (ftruncate(file_, 0) != 0 || pwrite(file_, owner.data(), owner.size(), 0) < 0) return;
}

FileLock::~FileLock() {
    if (!is_held_) return;
    std::error_code ignored;
    // Only the own file: the folder may have been deleted and made anew by somebody else.
    if (is_same_file(file_, path_.c_str())) std::filesystem::remove(path_, ignored);
    close(file_);
}

#else

FileLock::FileLock(const std::filesystem::path& path, std::string_view) : path_(path) {
    is_held_ = true;
}

FileLock::~FileLock() = default;

#endif

}  // namespace digits
