// Loading and saving data sets. Data sets in memory: dataset_parts_test.cpp.
#include "data/dataset.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <utility>

#include "check.h"
#include "formats/idx.h"
#include "gzip_writer.h"
#include "numbered_images.h"
#include "places.h"
#include "temporary_folder.h"

namespace digits {
namespace {

using testing::Bytes;
using testing::check;
using testing::check_equal;
using testing::check_throws;
using testing::numbered;
using testing::read_bytes;
using testing::TemporaryFolder;
using testing::write_bytes;

TrainTest example() {
    return {numbered(9, 4), numbered(5, 3, 100)};
}

void check_same(const Dataset& actual, const Dataset& expected,
                testing::Location location = testing::Location::current()) {
    check_equal(actual.rows, expected.rows, location);
    check_equal(actual.columns, expected.columns, location);
    check_equal(actual.classes, expected.classes, location);
    check(actual.pixels() == expected.pixels(), location);
    check(actual.labels == expected.labels, location);
}

TEST(a_saved_data_set_loads_unchanged) {
    const TemporaryFolder folder;
    const TrainTest data = example();
    save_folder(folder / "a" / "b", data);
    const TrainTest loaded = load_folder(folder / "a" / "b");
    check_same(loaded.train, data.train);
    check_equal(loaded.train.name, (folder / "a" / "b").string());
    Dataset test = data.test;
    test.classes = 4;  // classes without test images count, too
    check_same(loaded.test, test);
    check_same(load_test(folder / "a" / "b", loaded.train), test);
}

TEST(every_variant_of_a_name_is_found_and_plain_files_first) {
    const TemporaryFolder folder;
    save_folder(folder.path(), example());
    const std::vector<std::string> variants = {"train-labels-idx1-ubyte", "train-labels.idx1-ubyte",
                                               "train-labels-idx1-ubyte.gz",
                                               "train-labels.idx1-ubyte.gz"};
    Bytes labels(9);
    for (std::size_t i = 0; i < variants.size(); ++i) {
        labels[0] = static_cast<std::uint8_t>(10 + i);  // tells which file was read
        write_idx_labels(folder / variants[i], labels);
        if (i < 2) continue;
        write_bytes(folder / variants[i],
                    testing::stored_gzip_file(read_bytes(folder / variants[i])));
    }
    for (std::size_t i = 0; i < variants.size(); ++i) {
        check_equal(load_folder(folder.path()).train.labels[0], 10 + i);
        std::filesystem::remove(folder / variants[i]);
    }
    check_throws(
        [&] { load_folder(folder.path()); },
        folder.path().string() + ": found no train-labels-idx1-ubyte, plain or .gz; `make mnist`");
}

TEST(a_missing_folder_is_reported_as_missing) {
    check_throws([] { load_folder("no/such/folder"); }, "no/such/folder: found no such folder");
}

TEST(inconsistent_files_are_refused) {
    const TemporaryFolder folder;
    save_folder(folder.path(), example());
    write_idx_labels(folder / "train-labels-idx1-ubyte", Bytes(8));
    check_throws([&] { load_folder(folder.path()); }, "train-images-idx3-ubyte: has 9 images, but");
    check_throws([&] { load_folder(folder.path()); }, "train-labels-idx1-ubyte has 8 labels");

    TrainTest data = example();
    data.test.labels[3] = 4;
    data.test.classes = 5;
    save_folder(folder.path(), data);
    check_throws([&] { load_folder(folder.path()); },
                 "expected test labels below 4, like the training labels, found 4 for image 3");

    data = example();
    std::swap(data.test.rows, data.test.columns);
    save_folder(folder.path(), data);
    check_throws([&] { load_folder(folder.path()); },
                 "expected test images of 1x2 pixels, like the training images, found 2x1");
}

TEST(swapped_files_are_refused) {
    const TemporaryFolder folder;
    save_folder(folder.path(), example());
    std::filesystem::remove(folder / "t10k-images-idx3-ubyte");
    std::filesystem::copy(folder / "t10k-labels-idx1-ubyte", folder / "t10k-images-idx3-ubyte");
    check_throws(
        [&] { load_folder(folder.path()); },
        "t10k-images-idx3-ubyte: expected IDX images (magic number 00000803), found labels");
}

TEST(a_failed_save_leaves_no_partial_files) {
    const TemporaryFolder folder;
    save_folder(folder.path(), example());
    TrainTest broken = example();
    broken.test.columns = 1;  // detected after the training set has been written
    broken.train = numbered(9, 4, 50);
    check_throws([&] { save_folder(folder.path(), broken); }, "of 2 pixels, not of 1x1");
    check_same(load_folder(folder.path()).train, example().train);
    const std::filesystem::directory_iterator files(folder.path()), end;
    check_equal(std::distance(files, end), 4);
}

TEST(a_folder_that_cannot_be_created_is_an_error) {
    const TemporaryFolder folder;
    testing::write_text(folder / "file", "in the way");
    check_throws([&] { save_folder(folder / "file", example()); },
                 "file: cannot create the folder");
}

TEST(mnist_has_the_documented_counts) {
    const auto folder = testing::source_folder() / "data" / "mnist";
    if (!std::filesystem::exists(folder))
        testing::skip("data/mnist is not there; run `make mnist`");
    const TrainTest mnist = load_folder(folder);
    check_equal(mnist.train.size(), 60000u);
    check_equal(mnist.test.size(), 10000u);
    check_equal(mnist.train.inputs(), 28u * 28u);
    check_equal(mnist.train.classes, 10u);
    check(mnist.train.labels[0] == 5 && mnist.test.labels[0] == 7);
    // 1 is the most frequent class.
    check_equal(std::count(mnist.train.labels.begin(), mnist.train.labels.end(), 1), 6742);
    check_equal(std::count(mnist.test.labels.begin(), mnist.test.labels.end(), 1), 1135);
}

}  // namespace
}  // namespace digits
