#include "data/dataset.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <system_error>
#include <utility>

#include "formats/idx.h"
#include "util/hash.h"
#include "util/parallel.h"
#include "util/prefetch.h"
#include "util/require.h"
#include "util/sizes.h"
#include "util/text.h"

namespace digits {
namespace {

using Path = std::filesystem::path;

// The four files, by the names that save_folder() gives them.
constexpr const char* train_images = "train-images-idx3-ubyte";
constexpr const char* train_labels = "train-labels-idx1-ubyte";
constexpr const char* test_images = "t10k-images-idx3-ubyte";
constexpr const char* test_labels = "t10k-labels-idx1-ubyte";

// Finds a file by its name or one of the accepted variants. Plain files come first, because they
// are read several times as fast as compressed ones.
Path find_file(const Path& folder, const std::string& name) {
    std::string dotted = name;
    dotted[name.find("-idx")] = '.';
    std::string tried;
    for (const std::string& candidate : {name, dotted, name + ".gz", dotted + ".gz"}) {
        std::error_code ignored;  // a file that cannot be accessed counts as missing
        if (std::filesystem::exists(folder / candidate, ignored)) return folder / candidate;
        tried += (tried.empty() ? "" : ", ") + candidate;
    }
    std::error_code ignored;
    const bool is_folder = std::filesystem::is_directory(folder, ignored);
    fail(
        folder.string(),
        is_folder ? ": found none of the files " : ": found no such folder; expected in it one of ",
        tried, "; `make mnist` puts MNIST into data/mnist, or name a folder with four IDX files");
}

Dataset load_half(const Path& folder, const char* images_name, const char* labels_name) {
    const Path images_path = find_file(folder, images_name);
    const Path labels_path = find_file(folder, labels_name);
    IdxImages images = read_idx_images(images_path);
    std::vector<std::uint8_t> labels = read_idx_labels(labels_path);
    if (images.count != labels.size()) {
        fail(images_path.string(), ": has ", images.count, " images, but ", labels_path.string(),
             " has ", labels.size(), " labels; download both again from the same source");
    }
    const std::size_t classes = std::size_t{1} + *std::ranges::max_element(labels);
    return {printable_line(folder.string()), images.rows,      images.columns, classes,
            std::move(images.pixels),        std::move(labels)};
}

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
    for (std::size_t i = 0; i < labels.size(); ++i) {
        require(labels[i] < classes, context, ": label ", i, " of ", name, " is ", labels[i],
                "; expected less than ", classes);
    }
}

TrainTest load_folder(const Path& folder) {
    TrainTest data;
    data.train = load_half(folder, train_images, train_labels);
    data.test = load_test(folder, data.train);
    return data;
}

Dataset load_test(const Path& folder, const Dataset& train) {
    Dataset test = load_half(folder, test_images, test_labels);
    if (test.rows != train.rows || test.columns != train.columns) {
        fail(test.name, ": expected test images of ", image_size(train),
             " pixels, like the training images, found ", image_size(test),
             "; do all files come from the same source?");
    }
    if (test.classes > train.classes) {
        const auto largest = std::max_element(test.labels.begin(), test.labels.end());
        fail(test.name, ": expected test labels below ", train.classes,
             ", like the training labels, ", "found ", test.classes - 1, " for image ",
             largest - test.labels.begin(), "; do all files come from the same source?");
    }
    test.classes = train.classes;
    return test;
}

void save_folder(const Path& folder, const TrainTest& data) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) fail(folder.string(), ": cannot create the folder: ", error.message());

    // The files have temporary names until all four are complete, so that an incomplete data set is
    // not mistaken for a complete one.
    const auto unfinished = [&](const char* name) {
        return folder / (name + std::string(".part"));
    };
    const auto write = [&](const char* images, const char* labels, const Dataset& half) {
        half.require_valid("save_folder");
        std::vector<std::span<const std::uint8_t>> pixels;
        for (std::size_t i = 0; i < half.size(); ++i) pixels.push_back(half.image(i));
        write_idx_images(unfinished(images), half.rows, half.columns, pixels);
        write_idx_labels(unfinished(labels), half.labels);
    };
    constexpr std::array names = {train_images, train_labels, test_images, test_labels};
    try {
        write(train_images, train_labels, data.train);
        write(test_images, test_labels, data.test);
        for (const char* name : names) std::filesystem::rename(unfinished(name), folder / name);
    } catch (...) {
        for (const char* name : names) std::filesystem::remove(unfinished(name), error);
        throw;
    }
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
    both.classes = std::max(data.train.classes, test.classes);
    both.labels.insert(both.labels.end(), test.labels.begin(), test.labels.end());
    both.images_.insert(both.images_.end(), test.images_.begin(), test.images_.end());
    both.storage_.insert(both.storage_.end(), test.storage_.begin(), test.storage_.end());
    return both;
}

TrainTest split(const Dataset& data, double fraction, Random& random) {
    require(fraction > 0 && fraction < 1, "split: expected a fraction between 0 and 1, found ",
            fraction);
    const auto count =
        static_cast<std::size_t>(std::llround(fraction * static_cast<double>(data.size())));
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
