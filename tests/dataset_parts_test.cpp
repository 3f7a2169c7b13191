// Data sets in memory: subsets, splits, batches. Loading and saving: dataset_test.cpp.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "check.h"
#include "data/dataset.h"
#include "numbered_images.h"

namespace digits {
namespace {

using testing::check;
using testing::check_equal;
using testing::check_near;
using testing::check_throws;
using testing::numbered;
using testing::numbers_in;
using Bytes = std::vector<std::uint8_t>;

std::vector<std::size_t> counting(std::size_t count) {
    std::vector<std::size_t> numbers(count);
    std::iota(numbers.begin(), numbers.end(), std::size_t{0});
    return numbers;
}

std::vector<std::size_t> sorted(std::vector<std::size_t> numbers) {
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

TEST(a_subset_has_the_images_of_its_indices_in_their_order) {
    const Dataset data = numbered(6, 4);
    const std::vector<std::size_t> indices = {5, 0, 5, 2};
    const Dataset part = subset(data, indices);
    check(numbers_in(part) == indices);
    check_equal(part.classes, 4u);
    check_equal(subset(data, {}).size(), 0u);
    check_throws([&] { subset(data, std::vector<std::size_t>{6}); },
                 "subset: expected an index below 6, found 6");
}

TEST(a_concatenation_has_all_images_of_both_sets) {
    const Dataset both = concatenate({numbered(3, 4), numbered(2, 5, 10)});
    check(numbers_in(both) == std::vector<std::size_t>{0, 1, 2, 10, 11});
    check_equal(both.classes, 5u);
    TrainTest data = {numbered(3, 4), numbered(2, 4)};
    std::swap(data.test.rows, data.test.columns);
    check_throws([&] { concatenate(data); }, "training images are 1x2 but test images are 2x1");
}

TEST(a_split_assigns_every_image_once) {
    Random random(1);
    const TrainTest parts = split(numbered(200, 10), 0.7, random);
    check_equal(parts.train.size(), 140u);
    check_equal(parts.test.size(), 60u);
    std::vector<std::size_t> all = numbers_in(parts.train);
    for (const std::size_t index : numbers_in(parts.test)) all.push_back(index);
    check(all != counting(200));  // not simply the first 140
    check(sorted(all) == counting(200));
    Random same(1);
    check(split(numbered(200, 10), 0.7, same).train.pixels() == parts.train.pixels());
}

TEST(a_split_rounds_to_the_nearest_count_and_leaves_no_part_empty) {
    Random random(1);
    const Dataset data = numbered(10, 10);
    check_equal(split(data, 0.24, random).train.size(), 2u);
    check_equal(split(data, 0.26, random).train.size(), 3u);
    for (const double fraction : {0.04, 0.96}) {
        check_throws([&] { split(data, fraction, random); }, "of 10 images leaves one part empty");
    }
    for (const double fraction : {0.0, 1.0, -0.5, std::nan("")}) {
        check_throws([&] { split(data, fraction, random); }, "expected a fraction between 0 and 1");
    }
}

TEST(batches_visit_every_image_once_in_each_epoch) {
    BatchSampler order(10, 4);
    check_equal(order.batches(), 3u);
    check_equal(order.batch(0).size(), 4u);
    check_equal(order.batch(2).size(), 2u);
    const auto visited = [&] {
        std::vector<std::size_t> indices;
        for (std::size_t i = 0; i < order.batches(); ++i) {
            for (const std::size_t index : order.batch(i)) indices.push_back(index);
        }
        return indices;
    };
    check(visited() == counting(10));
    Random random(1);
    order.shuffle(random);
    const auto first_epoch = visited();
    check(first_epoch != counting(10));
    check(sorted(first_epoch) == counting(10));
    order.shuffle(random);
    check(visited() != first_epoch);
    check(sorted(visited()) == counting(10));
}

TEST(batches_may_be_larger_than_the_data_but_not_empty) {
    check_equal(BatchSampler(3, 64).batch(0).size(), 3u);
    check_equal(BatchSampler(8, 4).batches(), 2u);
    check_throws([] { BatchSampler(3, 0); }, "3 examples cannot be divided into batches of 0");
    check_throws([] { BatchSampler(0, 3); }, "0 examples cannot be divided into batches of 3");
    check_throws([] { BatchSampler(8, 4).batch(2); }, "expected a batch number below 2, found 2");
}

TEST(a_batch_has_pixels_from_0_to_1) {
    // One image with all byte values.
    Bytes pixels(256);
    std::iota(pixels.begin(), pixels.end(), std::uint8_t{0});
    const Dataset data{"bytes", 16, 16, 1, pixels, Bytes(1)};
    Batch batch;
    gather(data, std::vector<std::size_t>{0}, batch);
    check_equal(batch.input(0, 0), 0.0f);
    check_equal(batch.input(0, 255), 1.0f);
    for (std::size_t byte = 0; byte < 256; ++byte) {
        // Two roundings: of 1 / 255, with a relative error up to 2^-24, and of the product, up to
        // 2^-25.
        check_near(static_cast<double>(batch.input(0, byte)), static_cast<double>(byte) / 255,
                   0x1.8p-24);
    }
}

TEST(a_batch_has_the_images_of_its_indices_and_reuses_its_memory) {
    const Dataset data = numbered(100, 10);
    Batch batch;
    gather(data, std::vector<std::size_t>{51, 7, 99}, batch);
    check_equal(str_cat(shape(batch.input)), "3x2");
    check_near(static_cast<double>(batch.input(0, 0)), 51 / 255.0, 1e-7);
    check_near(static_cast<double>(batch.input(2, 1)), 9 / 255.0, 1e-7);
    check(batch.labels == Bytes{1, 7, 9});

    const float* const memory = batch.input.data();
    gather(data, std::vector<std::size_t>{3}, batch);
    check_equal(str_cat(shape(batch.input)), "1x2");
    check(batch.labels == Bytes{3});
    gather(data, std::vector<std::size_t>{5, 6, 7}, batch);
    check(batch.input.data() == memory);
    check_throws([&] { gather(data, std::vector<std::size_t>{100}, batch); },
                 "gather: expected an index below 100, found 100");
}

TEST(a_data_set_is_validated_on_construction) {
    check_throws(
        [] {
            Dataset("short", 2, 2, 3, Bytes(7), {0, 1});
        },
        "data set short: expected 8 pixels for 2 images of 2x2, found 7");
    check_throws(
        [] {
            Dataset("wrong", 1, 1, 2, Bytes(3), {0, 1, 2});
        },
        "data set: label 2 of wrong is 2; expected less than 2");
    // An image size that overflows is an error, not 0 pixels.
    const std::size_t huge = std::size_t{1} << (sizeof(std::size_t) * 4);
    check_throws([&] { Dataset("huge", huge, huge, 1, {}, {0}); }, "overflow the size type");
    check_equal(Dataset("empty", 1, 1, 1, {}, {}).size(), 0u);
}

TEST(parts_of_a_data_set_share_its_pixels) {
    const Dataset data = numbered(100, 10);
    Random random(1);
    const TrainTest parts = split(data, 0.7, random);
    const Dataset again = concatenate(parts);
    check_equal(again.size(), 100u);
    for (std::size_t i = 0; i < again.size(); ++i) {
        // The same memory as that of the original image.
        const std::size_t number = again.image(i)[0];
        check(again.image(i).data() == data.image(number).data());
    }
    Dataset copy = data;
    const std::uint8_t* const memory = copy.image(99).data();
    copy = subset(copy, std::vector<std::size_t>{99});
    check(copy.image(0).data() == memory);  // shared ownership keeps it alive
    check_equal(int{copy.image(0)[0]}, 99);
}

}  // namespace
}  // namespace digits
