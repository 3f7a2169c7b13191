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
