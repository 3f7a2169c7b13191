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
                          "(first bytes 3c68746d); fetch or unpack the file itself");
    check_images_rejected(from_text("wxyz"),
                          "found something else (first bytes 7778797a); is it the right file?");

    const TemporaryFolder folder;
    write_bytes(folder / "labels", two_images);
    check_throws([&] { read_idx_labels(folder / "labels"); },
                 "expected IDX labels (magic number 00000801), found images");
}

TEST(what_is_no_idx_file_is_named) {
    for (const auto& [content, kind] :
         {std::pair{from_text("<!DOCTYPE html><html>403"), "HTML"},
          {from_text("PK\3\4 and so on, and so on"), "ZIP"},
          {from_text("version https://git-lfs.github.com/spec/v1\n"), "Git LFS"},
          {from_hexadecimal("789c edc1 010d 0000"), "zlib"}}) {
        check_images_rejected(content, kind);
        check_images_rejected(testing::stored_gzip_file(content), kind);
        check_throws([&bytes = content] { parse_idx_labels(bytes, "labels"); }, kind);
    }
}

TEST(gzip_in_gzip_and_zeros_after_it_are_read) {
    using testing::stored_gzip_file;
    const Bytes twice = joined(stored_gzip_file(stored_gzip_file(three_labels)), Bytes(512));
    check(parse_idx_labels(twice, "labels") == Bytes{7, 0, 9});
    // Not without end: there are gzip files that unpack to themselves.
    const Bytes often = stored_gzip_file(stored_gzip_file(twice));
    check_throws([&] { parse_idx_labels(often, "labels"); }, "expected IDX labels");
}

TEST(labels_of_every_type_are_read) {
    for (const char* file : {"00000901 00000003 070009", "00000b01 00000003 0007 0000 0009",
                             "00000c01 00000003 00000007 00000000 00000009",
                             "00000d01 00000003 40e00000 00000000 41100000",
                             "00000e01 00000003 401c000000000000 0000000000000000 4022000000000000",
                             "00000802 00000003 00000001 070009"}) {
        check(parse_idx_labels(from_hexadecimal(file), "labels") == Bytes{7, 0, 9});
    }
}

TEST(the_class_is_the_first_of_the_eight_columns_of_qmnist) {
    const std::string rest = " 00000000 00000001 00000002 00000003 00000004 00000005 00000006";
    check(parse_idx_labels(
              from_hexadecimal("00000c02 00000002 00000008 00000007" + rest + "00000009" + rest),
              "labels") == Bytes{7, 9});
}

TEST(one_hot_labels_are_read) {
    check(
        parse_idx_labels(from_hexadecimal("00000802 00000003 00000004 00000001 01000000 00010000"),
                         "labels") == Bytes{3, 0, 1});
    // Also when there are eight 32-bit integers in a row.
    Bytes row(8 * 4);
    row[5 * 4 + 3] = 1;
    check(parse_idx_labels(joined(from_hexadecimal("00000c02 00000001 00000008"), row), "labels") ==
          Bytes{5});
    for (const char* file :
         {"00000802 00000002 00000003 000001 000000", "00000802 00000002 00000003 000001 010100",
          "00000802 00000002 00000003 000001 000002",
          "00000802 00000001 00000008 0000000000000002"}) {
        check_throws([&] { parse_idx_labels(from_hexadecimal(file), "labels"); },
                     "labels: expected one label for each image, one-hot rows");
    }
}

TEST(labels_that_name_no_class_are_rejected) {
    const auto rejected = [](const char* file, const char* found) {
        check_throws([&] { parse_idx_labels(from_hexadecimal(file), "labels"); },
                     str_cat("labels: expected whole labels from 0 to 255, found ", found));
    };
    rejected("00000901 00000002 00ff", "-1 for image 1");
    rejected("00000b01 00000001 0100", "256 for image 0");
    rejected("00000d01 00000001 3f000000", "0.5 for image 0");
    rejected("00000d01 00000001 7fc00000", "nan for image 0");
}

TEST(images_of_every_type_are_read) {
    // 0, 1, 128 and 255 in each type; 0.5 of the range 0 to 1 is rounded up to 128.
    for (const char* file :
         {"00000b03 00000001 00000002 00000002 0000 0001 0080 00ff",
          "00000c03 00000001 00000002 00000002 00000000 00000001 00000080 000000ff",
          "00000d03 00000001 00000002 00000002 00000000 3f800000 43000000 437f0000",
          "00000d03 00000001 00000002 00000002 00000000 3b808081 3f000000 3f800000",
          "00000e03 00000001 00000002 00000002 0000000000000000 3ff0000000000000 "
          "4060000000000000 406fe00000000000"}) {
        const IdxImages images = parse_idx_images(from_hexadecimal(file), "images");
        check(images.count == 1 && images.rows == 2 && images.columns == 2);
        check(images.pixels == Bytes{0, 1, 128, 255});
    }
}

TEST(pixels_beyond_a_byte_are_rejected) {
    check_images_rejected(from_hexadecimal("00000903 00000001 00000001 00000001 ff"),
                          "expected pixels from 0 to 255, found -1 among signed bytes");
    check_images_rejected(from_hexadecimal("00000b03 00000001 00000001 00000001 0100"),
                          "found 256 among 16-bit integers");
    // Pixels with their mean subtracted.
    check_images_rejected(from_hexadecimal("00000d03 00000001 00000001 00000001 bf000000"),
                          "found -0.5 among 32-bit floats; if the pixels are normalized, undo");
    check_images_rejected(from_hexadecimal("00000d03 00000001 00000001 00000001 7fc00000"),
                          "found nan");
}

TEST(images_with_one_channel_and_square_images_in_one_row_are_read) {
    const auto size_of = [](const char* file) {
        const IdxImages images = parse_idx_images(from_hexadecimal(file), "images");
        check(images.pixels == Bytes{1, 2, 3, 4});
        return str_cat(images.count, " ", images.rows, " ", images.columns);
    };
    check_equal(size_of("00000804 00000002 00000001 00000001 00000002 01020304"), "2 1 2");
    check_equal(size_of("00000804 00000002 00000002 00000001 00000001 01020304"), "2 2 1");
    check_equal(size_of("00000802 00000001 00000004 01020304"), "1 2 2");
    check_images_rejected(from_hexadecimal("00000802 00000002 00000002 01020304"),
                          "or as N x pixels if they are square, found 2 x 2 bytes");
    check_images_rejected(
        from_hexadecimal("00000804 00000001 00000003 00000001 00000002 010203040506"),
        "expected grayscale images, as N x 1 x rows x columns or N x rows x columns x 1, found 1 x "
        "3 x 1 x 2");
    check_images_rejected(from_hexadecimal("00000805 00000001"), "header of 24 bytes, found 8");
    check_images_rejected(
        from_hexadecimal("00000805 00000001 00000001 00000001 00000001 00000001 09"),
        "found bytes in 5 dimensions (magic number 00000805)");
}

TEST(a_little_endian_header_is_named) {
    check_images_rejected(from_hexadecimal("03080000 02000000 01000000 03000000 010203fdfeff"),
                          "found a little-endian header (first bytes 03080000)");
    check_throws([] { parse_idx_labels(from_hexadecimal("010c0000 01000000 07000000"), "labels"); },
                 "little-endian");
}

TEST(the_size_of_values_counts_in_the_size_of_a_file) {
    check_images_rejected(
        from_hexadecimal("00000b03 00000001 00000001 00000002 000100"),
        "means 16-bit integers in 3 dimensions, here 1 x 1 x 2, but 3 bytes follow");
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
