#include "formats/idx.h"

#include "check.h"
#include "gzip_writer.h"
#include "temporary_folder.h"

namespace digits {
namespace {

using testing::Bytes;
using testing::check;
using testing::check_contains;
using testing::check_equal;
using testing::check_throws;
using testing::from_hexadecimal;
using testing::from_text;
using testing::joined;
using testing::read_bytes;
using testing::TemporaryFolder;
using testing::write_bytes;

// The bytes of a file of two images of 1 x 3, and of one of three labels.
const Bytes two_images = from_hexadecimal("00000803 00000002 00000001 00000003 010203fdfeff");
const Bytes three_labels = from_hexadecimal("00000801 00000003 070009");

void check_images_rejected(const Bytes& content, std::string_view message,
                           testing::Location location = testing::Location::current()) {
    const TemporaryFolder folder;
    const auto path = folder / "broken";
    write_bytes(path, content);
    check_throws([&] { read_idx_images(path); }, message, location);
    check_throws([&] { read_idx_images(path); }, path.string() + ": ", location);
}

TEST(images_are_read) {
    const TemporaryFolder folder;
    write_bytes(folder / "images", two_images);
    const IdxImages images = read_idx_images(folder / "images");
    check_equal(images.count, 2u);
    check_equal(images.rows, 1u);
    check_equal(images.columns, 3u);
    check(images.pixels == Bytes{1, 2, 3, 0xfd, 0xfe, 0xff});
}

TEST(labels_are_read) {
    const TemporaryFolder folder;
    write_bytes(folder / "labels", three_labels);
    check(read_idx_labels(folder / "labels") == Bytes{7, 0, 9});
}

TEST(gzipped_files_are_detected_by_content_and_not_by_name) {
    const TemporaryFolder folder;
    write_bytes(folder / "labels", testing::stored_gzip_file(three_labels));
    write_bytes(folder / "labels.gz", three_labels);
    check(read_idx_labels(folder / "labels") == Bytes{7, 0, 9});
    check(read_idx_labels(folder / "labels.gz") == Bytes{7, 0, 9});
}

TEST(written_files_have_the_bytes_of_the_format) {
    const TemporaryFolder folder;
    write_idx_images(folder / "images", 2, 1, 3, Bytes{1, 2, 3, 0xfd, 0xfe, 0xff});
    write_idx_labels(folder / "labels", Bytes{7, 0, 9});
    check(read_bytes(folder / "images") == two_images);
    check(read_bytes(folder / "labels") == three_labels);
}

TEST(numbers_are_big_endian) {
    const TemporaryFolder folder;
    const Bytes pixels(258 * 3, 9);
    write_idx_images(folder / "images", 1, 258, 3, pixels);
    check_equal(read_bytes(folder / "images")[10], 1);  // 258 = 1 * 256 + 2
    check_equal(read_bytes(folder / "images")[11], 2);
    check_equal(read_idx_images(folder / "images").rows, 258u);
}

TEST(a_missing_file_and_a_folder_are_rejected) {
    const TemporaryFolder folder;
    check_throws([&] { read_idx_images(folder / "none"); },
                 "none: cannot be opened (No such file or directory)");
    check_throws([&] { read_idx_images(folder.path()); }, "is a folder, where a file is expected");
}

TEST(a_file_truncated_anywhere_or_too_long_is_rejected) {
    for (std::size_t size = 0; size < two_images.size(); ++size) {
        Bytes cut = two_images;
        cut.resize(size);
        check_images_rejected(cut, "fetch it again");
    }
    check_images_rejected(joined(two_images, {0}),
                          "expected 2 x 1 x 3 bytes after the header, found 7");
    check_images_rejected(joined(two_images, two_images), "found 28");
}

TEST(swapped_files_are_distinguished_from_other_files) {
    check_images_rejected(three_labels,
                          "expected IDX images (magic number 00000803), found labels (magic "
                          "number 00000801); have two files been swapped?");
    check_images_rejected(from_text("<html>Not found</html>"),
                          "found something else (first bytes 3c68746d); is it the right file?");

    const TemporaryFolder folder;
    write_bytes(folder / "labels", two_images);
    check_throws([&] { read_idx_labels(folder / "labels"); },
                 "expected IDX labels (magic number 00000801), found images");
}

TEST(sizes_of_zero_are_rejected) {
    check_images_rejected(from_hexadecimal("00000803 00000000 0000001c 0000001c"),
                          "is empty: its dimensions are 0 x 28 x 28");
    // Also if the header claims many images without rows.
    check_images_rejected(from_hexadecimal("00000803 ffffffff 00000000 ffffffff"),
                          "is empty: its dimensions are 4294967295 x 0 x 4294967295");
}

TEST(a_header_with_excessive_sizes_is_rejected_before_allocating) {
    check_images_rejected(from_hexadecimal("00000803 ffffffff ffffffff ffffffff 00"),
                          "expected 4294967295 x 4294967295 x 4294967295 bytes");
    // 2^31 * 2^31 * 4 = 2^64 is 0 in 64 bits, and 0 bytes follow.
    check_images_rejected(from_hexadecimal("00000803 80000000 80000000 00000004"),
                          "expected 2147483648 x 2147483648 x 4 bytes after the header, found 0");
}

TEST(a_damaged_gzip_file_is_rejected) {
    Bytes file = testing::stored_gzip_file(two_images);
    file[20] ^= 1;
    check_images_rejected(file, "this gzip file is damaged");
}

TEST(failing_to_write_is_an_error) {
    const TemporaryFolder folder;
    check_throws([&] { write_idx_labels(folder / "no" / "such", Bytes{1}); }, "cannot be written");
    if (std::filesystem::exists("/dev/full")) {  // Linux: can be opened, but every write fails
        check_throws([] { write_idx_labels("/dev/full", Bytes{1}); }, "cannot be written");
    }
    check_throws([&] { write_idx_labels(folder / "labels", {}); }, "0 does not fit the header");
    check_throws([&] { write_idx_images(folder / "images", 2, 1, 3, Bytes(7)); },
                 "7 pixels are not 2 images of 1x3");
    const std::size_t huge = std::size_t{1} << (sizeof(std::size_t) * 4);
    check_throws([&] { write_idx_images(folder / "images", 2, huge, huge / 2, {}); },
                 "overflow the size type");
    check(!std::filesystem::exists(folder / "images"));
}

}  // namespace
}  // namespace digits
