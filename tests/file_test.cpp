#include "util/file.h"

#include <filesystem>

#include "check.h"
#include "temporary_folder.h"

namespace digits {
namespace {

using testing::check;
using testing::check_equal;
using testing::check_throws;
using testing::read_text;
using testing::TemporaryFolder;
using testing::write_text;

TEST(a_written_file_reads_back_the_same) {
    const TemporaryFolder folder;
    write_file(folder / "a", {"ab", "", "c\n"});
    check_equal(read_text(folder / "a"), "abc\n");
    check_equal(as_characters(read_file(folder / "a")), "abc\n");
    write_file(folder / "a", {});
    check(read_file(folder / "a").empty());
    check_equal(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(flushing_to_disk_writes_the_same_file) {
    const TemporaryFolder folder;
    write_file(folder / "a", {"old"});
    write_file(folder / "a", {"a", "b"}, Flush::to_disk);
    check_equal(read_text(folder / "a"), "ab");
    check_equal(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
    check_throws([&] { write_file(folder / "none" / "a", {"x"}, Flush::to_disk); },
                 "does its folder exist");
    if (!std::filesystem::exists("/dev/full")) return;
    check_throws([] { write_file("/dev/full", {"x"}, Flush::to_disk); }, "cannot be written");
}

TEST(a_failed_write_leaves_no_temporary_file_and_keeps_the_old_file) {
    const TemporaryFolder folder;
    check_throws([&] { write_file(folder / "none" / "a", {"x"}); }, "does its folder exist");
    std::filesystem::create_directories(folder / "a" / "kept");
    check_throws([&] { write_file(folder / "a", {"x"}); }, "cannot be written");
    check(std::filesystem::exists(folder / "a" / "kept"));
    check(!std::filesystem::exists(folder / "a.part"));
}

TEST(a_file_is_replaced_by_a_complete_one_and_not_overwritten) {
    // A second name for the old file, which keeps its contents.
    const TemporaryFolder folder;
    write_file(folder / "a", {"old"});
    std::filesystem::create_hard_link(folder / "a", folder / "b");
    write_file(folder / "a", {"new"});
    check_equal(read_text(folder / "a"), "new");
    check_equal(read_text(folder / "b"), "old");
}

TEST(a_device_is_written_in_place_and_not_replaced) {
    if (!std::filesystem::exists("/dev/full")) testing::skip("there is no /dev/full");
    const bool was_a_device = std::filesystem::is_character_file("/dev/full");
    // It can be opened, but every write fails.
    check_throws([] { write_file("/dev/full", {"x"}); }, "cannot be written");
    check(std::filesystem::is_character_file("/dev/full") == was_a_device);
    check(!std::filesystem::exists("/dev/full.part"));
}

TEST(the_error_names_a_file_that_cannot_be_read) {
    const TemporaryFolder folder;
    check_throws([&] { read_file(folder / "absent"); }, "absent: cannot be opened as a file");
    check_throws([&] { read_file(folder.path()); }, "cannot be opened as a file");
}

}  // namespace
}  // namespace digits
