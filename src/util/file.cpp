#include "util/file.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <limits>
#include <string>
#include <system_error>

#include "util/random.h"
#include "util/require.h"

// fsync() is POSIX, not standard C++. MinGW on Windows has the headers of POSIX but not fsync().
#if __has_include(<unistd.h>) && !defined(_WIN32)
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>
#define DIGITS_HAS_POSIX 1
#endif

// Windows would convert line endings in standard input, and end it at a byte 26.
#ifdef _WIN32
#define NOMINMAX
#define WIN32_LEAN_AND_MEAN
#include <fcntl.h>
#include <io.h>
#include <windows.h>
#define DIGITS_HAS_TEXT_MODE 1
#endif

namespace digits {
namespace {

#ifdef DIGITS_HAS_POSIX

// fsync() without interruptions by signals. On macOS, fsync() leaves the contents in the memory of
// the drive.
bool sync_file(int file) {
    int status = -1;
    do {
#ifdef F_FULLFSYNC
        status = fcntl(file, F_FULLFSYNC);
        if (status != 0 && errno != EINTR) status = fsync(file);
#else
        status = fsync(file);
#endif
    } while (status != 0 && errno == EINTR);
    return status == 0;
}

// The errors by which a file system says that it does not know fsync().
bool means_unsupported(int error) {
    return error == EINVAL || error == ENOTSUP || error == EOPNOTSUPP || error == ENOSYS ||
           error == EROFS;
}

#endif

// Returns when the contents of the file, or the names in the folder, are on the disk. Returns false
// and sets errno if that failed.
bool flush_to_disk([[maybe_unused]] const std::filesystem::path& path) {
#ifdef DIGITS_HAS_POSIX
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    const bool is_done = sync_file(file) || means_unsupported(errno);
    const int reason = errno;
    close(file);
    errno = reason;
    return is_done;
#else
    return true;
#endif
}

// The file that `path` leads to through symbolic links, whether it exists or not. If the links form
// a cycle, the result is one of them.
std::filesystem::path resolve_links(std::filesystem::path path) {
    constexpr int most_links = 40;
    std::error_code error;
    for (int i = 0; i < most_links && std::filesystem::is_symlink(path, error); ++i) {
        const std::filesystem::path target = std::filesystem::read_symlink(path, error);
        if (error) break;
        path = path.parent_path() / target;  // just the target, if it is absolute
    }
    return path;
}

constexpr std::string_view temporary_ending = ".part";

// "model.safetensors.8349284709823.part", which no other writer uses: not another program, which
// has other addresses, and not another thread, which has another stack.
std::filesystem::path temporary_name(const std::filesystem::path& path) {
    const auto time = std::chrono::system_clock::now().time_since_epoch().count();
    Random random(static_cast<std::uint64_t>(time), reinterpret_cast<std::uintptr_t>(&time));
    constexpr std::size_t longest = 200;  // file systems limit a name to 255 bytes
    std::string name = path.filename().string();
    if (name.size() > longest) name.resize(longest);
    return path.parent_path() / str_cat(name, ".", random.next(), temporary_ending);
}

// Whether a name ends with a number and ".part".
bool is_temporary_name(std::string_view name) {
    if (!name.ends_with(temporary_ending)) return false;
    name.remove_suffix(temporary_ending.size());
    const std::size_t last = name.find_last_not_of("0123456789");
    return last != std::string_view::npos && name[last] == '.' && last + 1 < name.size();
}

// Gives the file the name of another, which it replaces. Windows refuses that while any program has
// the other one open, such as a virus scanner, for a moment: so try for a second.
void replace(const std::filesystem::path& from, const std::filesystem::path& to,
             std::error_code& error) {
    std::filesystem::rename(from, to, error);
#ifdef _WIN32
    for (int i = 0; i < 100 && error; ++i) {
        Sleep(10);  // milliseconds
        std::filesystem::rename(from, to, error);
    }
#endif
}

constexpr const char* advice = "does its folder exist, is it writable, and is there enough space?";

// Writes the parts to a file that only this call knows. Returns 0, or an error number.
int write_parts(const std::filesystem::path& path, std::span<const std::string_view> parts,
                std::filesystem::perms permissions, bool is_durable) {
    errno = 0;
    std::ofstream file(path, std::ios::binary);
    if (file && permissions != std::filesystem::perms::unknown) {
        std::error_code ignored;  // a file system without permissions
        std::filesystem::permissions(path, permissions, ignored);
        errno = 0;
    }
    for (const std::string_view part : parts) {
        file.write(part.data(), static_cast<std::streamsize>(part.size()));
    }
    file.close();  // reports errors in writing the last bytes
    if (file && (!is_durable || flush_to_disk(path))) return 0;
    return errno != 0 ? errno : EIO;
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
    namespace fs = std::filesystem;
    const fs::path target = resolve_links(path);
    std::error_code error;
    if (fs::is_symlink(target, error)) {
        fail(path.string(), ": cannot be written: its symbolic links form a cycle");
    }
    const fs::file_status old = fs::status(target, error);
    if (fs::exists(old) && !fs::is_regular_file(old)) {
        // A device such as /dev/stdout is written in place: renaming would replace it by a file.
        if (const int reason = write_parts(target, parts, fs::perms::unknown, false)) {
            error.assign(reason, std::generic_category());
            fail(path.string(), ": cannot be written (", error.message(), "); ", advice);
        }
        return;
    }
    fs::perms permissions = fs::perms::unknown;
    if (fs::is_regular_file(old)) {
        permissions = old.permissions();
        const fs::perms anybody =
            fs::perms::owner_write | fs::perms::group_write | fs::perms::others_write;
        if ((permissions & anybody) == fs::perms::none) {
            fail(path.string(),
                 ": is write-protected and was not replaced; allow writing, or choose a different "
                 "name");
        }
    }
    const bool is_durable = flush == Flush::to_disk;
    const fs::path temporary = temporary_name(target);
    const int reason = write_parts(temporary, parts, permissions, is_durable);
    error.assign(reason, std::generic_category());
    if (!error) replace(temporary, target, error);
    if (error) {
        std::error_code ignored;
        fs::remove(temporary, ignored);
        fail(path.string(), ": cannot be written (", error.message(), "); ", advice);
    }
    // The new name must reach the disk, too. If that fails, the file exists all the same.
    const fs::path folder = target.parent_path();
    if (is_durable) flush_to_disk(folder.empty() ? "." : folder);
}

void remove_temporary_files(const std::filesystem::path& folder) {
    std::error_code error;
    std::vector<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        if (is_temporary_name(entry.path().filename().string())) found.push_back(entry.path());
    }
    for (const std::filesystem::path& path : found) std::filesystem::remove(path, error);
}

std::uintmax_t available_space(const std::filesystem::path& folder) {
    std::error_code error;
    std::uintmax_t bytes = std::filesystem::space(folder, error).available;
    if (error) bytes = std::numeric_limits<std::uintmax_t>::max();
#ifdef DIGITS_HAS_POSIX
    // The largest file that this process may write: `ulimit -f`.
    rlimit limit{};
    if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
        bytes = std::min(bytes, std::uintmax_t{limit.rlim_cur});
    }
#endif
    return bytes;
}

std::string_view as_characters(std::span<const std::uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace digits
