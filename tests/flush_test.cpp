// What reaches the disk and when: fsync() of the system is replaced by one that takes notes.
#include <cerrno>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "check.h"
#include "temporary_folder.h"
#include "util/file.h"

#if __has_include(<unistd.h>) && !defined(_WIN32)
#include <sys/stat.h>

namespace {

std::filesystem::path watched;     // the file that is being written
std::vector<std::string> flushed;  // what was flushed, in order
int next_error = 0;                // the errno of the next fsync(); 0: it succeeds

}  // namespace

// The linker prefers this definition to that of the system.
extern "C" int fsync(int file) {
    struct stat info;
    if (fstat(file, &info) == 0 && !watched.empty()) {
        const bool is_folder = S_ISDIR(info.st_mode);
        flushed.push_back(std::string(is_folder ? "folder" : "contents") +
                          (std::filesystem::exists(watched) ? " after" : " before") +
                          " the file appeared");
    }
    errno = std::exchange(next_error, 0);
    return errno == 0 ? 0 : -1;
}

namespace digits {
namespace {

using testing::check;
using testing::check_equal;
using testing::check_throws;
using testing::TemporaryFolder;

TEST(contents_are_on_the_disk_before_the_file_gets_its_name) {
    const TemporaryFolder folder;
    watched = folder / "a";
    flushed.clear();
    write_file(watched, {"x"}, Flush::to_disk);
    check(flushed == std::vector<std::string>{"contents before the file appeared",
                                              "folder after the file appeared"});
    flushed.clear();
    write_file(watched, {"y"});
    check(flushed.empty());
    watched.clear();
}

TEST(a_disk_that_fails_is_an_error) {
    const TemporaryFolder folder;
    next_error = EIO;
    check_throws([&] { write_file(folder / "a", {"x"}, Flush::to_disk); }, "cannot be written");
    check(!std::filesystem::exists(folder / "a"));
    next_error = EINVAL;  // the file system has no fsync()
    write_file(folder / "a", {"x"}, Flush::to_disk);
    check(std::filesystem::exists(folder / "a"));
}

}  // namespace
}  // namespace digits
#endif
