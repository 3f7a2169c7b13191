#include "data/dataset.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "util/hash.h"
#include "util/parallel.h"
#include "util/prefetch.h"
#include "util/require.h"
#include "util/sizes.h"
#include "util/text.h"

namespace digits {
namespace {

std::string image_size(const Dataset& data) {
    return str_cat(data.rows, "x", data.columns);
}

// The images of a batch are far apart in memory, and no hardware prefetcher can predict the next
// one: without software prefetching, gather() spends half its time waiting for memory.
void prefetch_image(std::span<const std::uint8_t> image) {
    for (std::size_t byte = 0; byte < image.size(); byte += 64) prefetch_to_read(&image[byte]);
}

}  // namespace

Dataset::Dataset(std::string dataset_name, std::size_t image_rows, std::size_t image_columns,
                 std::size_t class_count, std::vector<std::uint8_t> pixels,
                 std::vector<std::uint8_t> image_labels)
    : name(std::move(dataset_name)),
      rows(image_rows),
      columns(image_columns),
      classes(class_count),
      labels(std::move(image_labels)),
      image_size_(checked_product(image_rows, image_columns, "data set")) {
    const std::size_t expected = checked_product(image_size_, labels.size(), "data set");
    require(pixels.size() == expected, "data set ", name, ": expected ", expected, " pixels for ",
            labels.size(), " images of ", rows, "x", columns, ", found ", pixels.size());
    storage_.push_back(std::make_shared<const std::vector<std::uint8_t>>(std::move(pixels)));
    images_.reserve(labels.size());
    for (std::size_t i = 0; i < labels.size(); ++i) {
        images_.push_back(storage_.front()->data() + i * image_size_);
    }
    require_valid("data set");
}

std::vector<std::uint8_t> Dataset::pixels() const {
    std::vector<std::uint8_t> all;
    all.reserve(size() * inputs());
    for (std::size_t i = 0; i < size(); ++i) {
        all.insert(all.end(), image(i).begin(), image(i).end());
    }
    return all;
}

void Dataset::require_valid(const char* context) const {
    require(labels.size() == images_.size(), context, ": ", name, " has ", labels.size(),
            " labels for ", images_.size(), " images");
    require(rows * columns == image_size_ || images_.empty(), context, ": ", name,
            " has images of ", image_size_, " pixels, not of ", rows, "x", columns);
    require(class_names.empty() || class_names.size() == classes, context, ": ", name, " has ",
            class_names.size(), " class names for ", classes, " classes");
    for (std::size_t i = 0; i < labels.size(); ++i) {
        require(labels[i] < classes, context, ": label ", i, " of ", name, " is ", labels[i],
                "; expected less than ", classes);
    }
}

std::string Dataset::class_name(std::size_t label) const {
    return class_names.empty() ? std::to_string(label) : class_names.at(label);
}

Dataset subset(const Dataset& data, std::span<const std::size_t> indices) {
    Dataset part = data;
    part.labels.clear();
    part.images_.clear();
    part.labels.reserve(indices.size());
    part.images_.reserve(indices.size());
    for (const std::size_t index : indices) {
        require(index < data.size(), "subset: expected an index below ", data.size(), ", found ",
                index);
        part.images_.push_back(data.images_[index]);
        part.labels.push_back(data.labels[index]);
    }
    return part;
}

Dataset concatenate(const TrainTest& data) {
    require(data.train.rows == data.test.rows && data.train.columns == data.test.columns,
            "concatenate: training images are ", image_size(data.train), " but test images are ",
            image_size(data.test));
    Dataset both = data.train;
    const Dataset& test = data.test;
    if (test.classes > both.classes) {
        both.classes = test.classes;
        both.class_names = test.class_names;
    }
    both.labels.insert(both.labels.end(), test.labels.begin(), test.labels.end());
    both.images_.insert(both.images_.end(), test.images_.begin(), test.images_.end());
    both.storage_.insert(both.storage_.end(), test.storage_.begin(), test.storage_.end());
    return both;
}

std::size_t split_count(std::size_t images, double fraction) {
    return static_cast<std::size_t>(std::llround(fraction * static_cast<double>(images)));
}

Dataset transposed(const Dataset& data) {
    std::vector<std::uint8_t> pixels(data.size() * data.inputs());
    parallel_for(0, data.size(), 64, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            const std::span<const std::uint8_t> image = data.image(i);
            std::uint8_t* next = pixels.data() + i * data.inputs();
            for (std::size_t column = 0; column < data.columns; ++column) {
                for (std::size_t row = 0; row < data.rows; ++row) {
                    *next++ = image[row * data.columns + column];
                }
            }
        }
    });
    Dataset result(data.name, data.columns, data.rows, data.classes, std::move(pixels),
                   data.labels);
    result.class_names = data.class_names;
    return result;
}

TrainTest split(const Dataset& data, double fraction, Random& random) {
    require(fraction > 0 && fraction < 1, "split: expected a fraction between 0 and 1, found ",
            fraction);
    const std::size_t count = split_count(data.size(), fraction);
    require(count > 0 && count < data.size(), "split: a fraction of ", fraction, " of ",
            data.size(), " images leaves one part empty");
    std::vector<std::size_t> order(data.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    random.shuffle(std::span<std::size_t>(order));
    const std::span<const std::size_t> shuffled(order);
    return {subset(data, shuffled.first(count)), subset(data, shuffled.subspan(count))};
}

std::string data_hash(const Dataset& data) {
    Hash hash;
    for (const std::size_t number : {data.rows, data.columns, data.classes, data.size()}) {
        hash.add_number(std::uint64_t{number});
    }
    for (std::size_t i = 0; i < data.size(); ++i) hash.add(data.image(i));
    hash.add(data.labels);
    return hash.to_text();
}

BatchSampler::BatchSampler(std::size_t examples, std::size_t batch_size)
    : order_(examples), batch_size_(batch_size) {
    require(examples > 0 && batch_size > 0, "batches: ", examples, " examples cannot be divided ",
            "into batches of ", batch_size);
    std::iota(order_.begin(), order_.end(), std::size_t{0});
}

void BatchSampler::shuffle(Random& random) {
    random.shuffle(std::span<std::size_t>(order_));
}

void BatchSampler::set_order(std::vector<std::size_t> order) {
    std::vector<bool> is_taken(order_.size());
    for (const std::size_t index : order) {
        require(order.size() == order_.size() && index < order.size() && !is_taken[index],
                "batches: expected a permutation of the indices of ", order_.size(),
                " images, found a different list");
        is_taken[index] = true;
    }
    require(order.size() == order_.size(), "batches: expected the indices of ", order_.size(),
            " images, found ", order.size());
    order_ = std::move(order);
}

std::size_t BatchSampler::batches() const {
    return ceil_div(order_.size(), batch_size_);
}

std::span<const std::size_t> BatchSampler::batch(std::size_t number) const {
    require(number < batches(), "batches: expected a batch number below ", batches(), ", found ",
            number);
    const std::size_t begin = number * batch_size_;
    return std::span(order_).subspan(begin, std::min(batch_size_, order_.size() - begin));
}

void gather(const Dataset& data, std::span<const std::size_t> indices, Batch& batch) {
    constexpr std::size_t grain = 16;  // images per chunk, each of about 0.1 microseconds
    constexpr float scale = 1.0f / 255.0f;
    constexpr std::size_t prefetch_distance = 2;  // images
    for (const std::size_t index : indices) {
        require(index < data.size(), "gather: expected an index below ", data.size(), ", found ",
                index);
    }
    batch.input.resize(indices.size(), data.inputs());
    batch.labels.resize(indices.size());
    parallel_for(0, indices.size(), grain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            const std::span<const std::uint8_t> image = data.image(indices[i]);
            if (i + prefetch_distance < end) {
                prefetch_image(data.image(indices[i + prefetch_distance]));
            }
            const std::span<float> row = batch.input.row(i);
            for (std::size_t j = 0; j < row.size(); ++j) {
                row[j] = static_cast<float>(image[j]) * scale;
            }
            batch.labels[i] = data.labels[indices[i]];
        }
    });
}

}  // namespace digits
