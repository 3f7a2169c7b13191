#include "util/file.h"

#include <filesystem>
#include <string>
#include <thread>

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

std::size_t files_in(const std::filesystem::path& folder) {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

TEST(a_written_file_reads_back_the_same) {
    const TemporaryFolder folder;
    write_file(folder / "a", {"ab", "", "c\n"});
    check_equal(read_text(folder / "a"), "abc\n");
    check_equal(as_characters(read_file(folder / "a")), "abc\n");
    write_file(folder / "a", {});
    check(read_file(folder / "a").empty());
    check_equal(files_in(folder.path()), std::size_t{1});
}

TEST(flushing_to_disk_writes_the_same_file) {
    const TemporaryFolder folder;
    write_file(folder / "a", {"old"});
    write_file(folder / "a", {"a", "b"}, Flush::to_disk);
    check_equal(read_text(folder / "a"), "ab");
    check_equal(files_in(folder.path()), std::size_t{1});
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
    check_equal(files_in(folder.path()), std::size_t{1});
}

TEST(a_replaced_file_keeps_its_permissions) {
    using std::filesystem::perms;
    const TemporaryFolder folder;
    write_text(folder / "private", "old");
    const perms mode = perms::owner_read | perms::owner_write;
    std::filesystem::permissions(folder / "private", mode);
    const perms before = std::filesystem::status(folder / "private").permissions();
    write_file(folder / "private", {"new"});
    check_equal(read_text(folder / "private"), "new");
    check(std::filesystem::status(folder / "private").permissions() == before);
}

TEST(a_write_protected_file_is_not_replaced) {
    using std::filesystem::perms;
    const TemporaryFolder folder;
    write_text(folder / "protected", "old");
    std::filesystem::permissions(folder / "protected", perms::owner_read);
    check_throws([&] { write_file(folder / "protected", {"new"}); }, "is write-protected");
    check_equal(read_text(folder / "protected"), "old");
    std::filesystem::permissions(folder / "protected", perms::owner_all);
}

TEST(a_symbolic_link_stays_and_the_file_it_points_to_is_written) {
    const TemporaryFolder folder;
    std::filesystem::create_directories(folder / "there");
    std::error_code error;
    std::filesystem::create_symlink("there/target", folder / "link", error);
    std::filesystem::create_symlink("link", folder / "link-to-link", error);
    if (error) testing::skip("this system cannot create symbolic links");
    // At first the target does not exist, then it does.
    for (const char* text : {"first", "second"}) {
        write_file(folder / "link-to-link", {text}, Flush::to_disk);
        check(std::filesystem::is_symlink(folder / "link"));
        check(std::filesystem::is_symlink(folder / "link-to-link"));
        check_equal(read_text(folder / "there" / "target"), text);
    }
    check_equal(files_in(folder / "there"), std::size_t{1});
    std::filesystem::create_symlink("cycle", folder / "cycle");
    check_throws([&] { write_file(folder / "cycle", {"x"}); }, "links form a cycle");
}

// With one temporary name for all writers, some of them failed, and some files were mixed.
TEST(concurrent_writers_leave_a_whole_file_of_one_of_them) {
    const TemporaryFolder folder;
    const std::filesystem::path path = folder / "shared";
    const auto write_often = [&](char letter, std::size_t size) {
        const std::string text(size, letter);
        for (int i = 0; i < 100; ++i) write_file(path, {text});
    };
    write_file(path, {"a"});
    std::thread one(write_often, 'a', 100'000), other(write_often, 'b', 70'000);
#ifndef _WIN32  // it opens no file that is being replaced
    for (int i = 0; i < 100; ++i) {
        const std::string text = read_text(path);
        check(!text.empty() && text.find_first_not_of(text[0]) == std::string::npos);
    }
#endif
    one.join();
    other.join();
    const std::size_t size = read_text(path).size();
    check(size == 100'000 || size == 70'000);
    check_equal(files_in(folder.path()), std::size_t{1});
}

TEST(a_file_with_the_longest_name_can_be_written) {
    const TemporaryFolder folder;
    const std::string longest(255, 'n');
    write_file(folder / longest, {"x"});
    check_equal(read_text(folder / longest), "x");
}

TEST(the_space_of_a_folder_is_known) {
    const TemporaryFolder folder;
    check(available_space(folder.path()) > 0);
}

TEST(only_what_write_file_left_is_removed_as_temporary) {
    const TemporaryFolder folder;
    for (const char* name : {"model.123.part", "model.part", "123.part", "a.1.part.b", "x..part"}) {
        write_text(folder / name, "x");
    }
    remove_temporary_files(folder.path());
    check(!std::filesystem::exists(folder / "model.123.part"));
    check_equal(files_in(folder.path()), std::size_t{4});
    remove_temporary_files(folder / "none");
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
}

TEST(the_error_names_a_file_that_cannot_be_read) {
    const TemporaryFolder folder;
    check_throws([&] { read_file(folder / "absent"); },
                 "absent: cannot be opened (No such file or directory)");
    check_throws([&] { read_file(folder.path()); }, ": is a folder, where a file is expected");
}

TEST(a_limit_of_bytes_is_kept) {
    const TemporaryFolder folder;
    write_text(folder / "a", "abc");
    check_equal(as_characters(read_file(folder / "a", 3)), "abc");
    check_throws([&] { read_file(folder / "a", 2); }, "a: has more than 2 bytes");
}

TEST(devices_are_read_to_their_end_but_not_without_end) {
    if (!std::filesystem::exists("/dev/zero")) testing::skip("there is no /dev/zero");
    check(read_file("/dev/null").empty());
    check_throws([] { read_file("/dev/zero", 1 << 20); }, "zero: has more than 1048576 bytes");
}

TEST(a_file_larger_than_the_system_says_is_read_to_its_end) {
    // Files of /proc have the size 0.
    const std::filesystem::path path = "/proc/self/status";
    if (!std::filesystem::exists(path)) testing::skip("there is no /proc");
    check(as_characters(read_file(path)).starts_with("Name:"));
}

TEST(the_minus_sign_is_standard_input) {
    const TemporaryFolder folder;
    write_text(folder / "a", "abc");
    check_equal(as_characters(read_input(folder / "a")), "abc");
    check_equal(input_name("-"), "standard input");
    check_equal(input_name("./-"), "./-");
}

}  // namespace
}  // namespace digits
