#include "util/file_lock.h"

#include <filesystem>
#include <optional>

#include "check.h"
#include "temporary_folder.h"

namespace digits {
namespace {

using testing::check;
using testing::check_equal;
using testing::check_throws;
using testing::TemporaryFolder;
using testing::write_text;

TEST(a_lock_is_held_once_and_free_again_when_its_owner_ends) {
    const TemporaryFolder folder;
    std::optional<FileLock> first(std::in_place, folder / "lock", "the first");
    check(first->is_held());
    {
        const FileLock second(folder / "lock", "the second");
        if (second.is_held()) testing::skip("this system has no file locks");
        check_equal(second.other_owner(), "the first");
    }
    check(std::filesystem::exists(folder / "lock"));
    first.reset();
    check(!std::filesystem::exists(folder / "lock"));
    check(FileLock(folder / "lock", "the third").is_held());
}

TEST(the_file_of_a_program_that_was_killed_is_no_obstacle) {
    const TemporaryFolder folder;
    write_text(folder / "lock", "somebody who was killed, with a long name");
    const FileLock lock(folder / "lock", "me");
    check(lock.is_held());
}

TEST(a_folder_that_was_deleted_and_made_anew_keeps_the_lock_of_its_new_owner) {
    const TemporaryFolder folder;
    std::optional<FileLock> old(std::in_place, folder / "lock", "old");
    std::filesystem::remove(folder / "lock");
    const FileLock now(folder / "lock", "new");
    check(now.is_held());
    old.reset();
    check(std::filesystem::exists(folder / "lock"));
}

TEST(a_lock_in_a_folder_that_does_not_exist_is_an_error) {
    const TemporaryFolder folder;
    check_throws([&] { FileLock(folder / "none" / "lock", "me"); }, "cannot be written");
}

}  // namespace
}  // namespace digits
