// Data sets of labelled images: loading, splitting, and gathering mini-batches to train on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "linalg/matrix.h"
#include "util/random.h"

namespace digits {

struct TrainTest;

// N grayscale images of rows x columns pixels and the label of each. Pixels stay bytes in memory,
// as they are in the file: 0 is paper, 255 is ink. MNIST takes 47 MB this way, 188 MB as floats.
//
// Copies, subsets and concatenations share the pixels, which are immutable: a data set holds one
// pointer per image.
class Dataset {
public:
    Dataset() = default;  // no images

    // `pixels` are those of all images, image after image, row after row. Throws
    // std::invalid_argument when there are not rows x columns pixels for each label, or when a
    // label is not less than `classes`.
    Dataset(std::string dataset_name, std::size_t image_rows, std::size_t image_columns,
            std::size_t class_count, std::vector<std::uint8_t> pixels,
            std::vector<std::uint8_t> image_labels);

    std::string name;                  // where it came from, for messages and reports
    std::size_t rows = 0;              // of one image
    std::size_t columns = 0;           // of one image
    std::size_t classes = 0;           // every label is less than this
    std::vector<std::uint8_t> labels;  // N
    // One per class; empty if the classes are numbers.
    std::vector<std::string> class_names{};

    std::size_t size() const { return labels.size(); }
    std::size_t inputs() const { return rows * columns; }
    std::span<const std::uint8_t> image(std::size_t index) const {
        return {images_[index], inputs()};
    }
    // The name of a class: "A", or "7" if the classes are numbers.
    std::string class_name(std::size_t label) const;
    // The pixels of all images, N * rows * columns: a copy.
    std::vector<std::uint8_t> pixels() const;

    // Throws std::invalid_argument, with a message that begins with `context`, when the public
    // members have been changed so that they no longer match the images. Every function that trains
    // on or evaluates a data set checks this.
    void require_valid(const char* context) const;

private:
    friend Dataset subset(const Dataset& data, std::span<const std::size_t> indices);
    friend Dataset concatenate(const TrainTest& data);

    std::size_t image_size_ = 0;                 // bytes of each image
    std::vector<const std::uint8_t*> images_{};  // N, pointing into storage_
    std::vector<std::shared_ptr<const std::vector<std::uint8_t>>> storage_{};
};

struct TrainTest {
    Dataset train;
    Dataset test;
};

// Reads train-images, train-labels, t10k-images and t10k-labels from a folder, under the names that
// find_data_files() knows. The number of classes is the largest training label plus one, at most
// 256. Throws std::runtime_error that names the file, what was expected, what was found and what to
// do.
TrainTest load_folder(const std::filesystem::path& folder);

// Reads only one part. load_test() requires that the test set has the image size of `train` and no
// additional classes.
enum class Part { training, test };
Dataset load_part(const std::filesystem::path& folder, Part part);
Dataset load_test(const std::filesystem::path& folder, const Dataset& train);

// Throws std::runtime_error unless the images have the same size.
void require_same_image_size(const Dataset& test, const Dataset& train);

// Throws the same, also if `test` has additional classes; otherwise gives it the classes of
// `train`.
void match_classes(Dataset& test, const Dataset& train);

// Writes the four files, uncompressed, such that load_folder() reads the same data. Creates the
// folder. Whenever the program is stopped, the folder holds what it held before or all of the new
// data.
void save_folder(const std::filesystem::path& folder, const TrainTest& data);

// The images with these indices, in this order. No pixels are copied.
Dataset subset(const Dataset& data, std::span<const std::size_t> indices);

// Pools training and test images into one data set, to be split again. No pixels are copied.
Dataset concatenate(const TrainTest& data);

// The images turned from columns x rows to rows x columns: EMNIST's files store each image column
// after column. Copies the pixels.
Dataset transposed(const Dataset& data);

// The share `fraction` of `images`, rounded to the nearest count: the size of the first part that
// split() makes.
std::size_t split_count(std::size_t images, double fraction);

// Shuffles the images, then assigns the first `fraction` of them (rounded to the nearest count) to
// `train` and the rest to `test`. Throws std::invalid_argument when either would be empty.
TrainTest split(const Dataset& data, double fraction, Random& random);

// Hash of all pixels and labels, as 16 hexadecimal digits: equal data sets have equal hashes.
std::string data_hash(const Dataset& data);

// Batch sampler: the order in which an epoch visits the images, divided into batches. The last
// batch may be smaller.
class BatchSampler {
public:
    BatchSampler(std::size_t examples, std::size_t batch_size);

    void shuffle(Random& random);
    std::size_t batches() const;
    std::span<const std::size_t> batch(std::size_t number) const;
    std::size_t batch_size() const { return batch_size_; }

    // All indices in their current order, to save and restore it. set_order() throws
    // std::invalid_argument unless its argument is a permutation of the indices.
    std::span<const std::size_t> order() const { return order_; }
    void set_order(std::vector<std::size_t> order);

private:
    std::vector<std::size_t> order_;
    std::size_t batch_size_;
};

// A mini-batch: the input and the labels of one training step.
struct Batch {
    Matrix input;                      // X (B, I): pixels as 0 ... 1
    std::vector<std::uint8_t> labels;  // y (B)
};

// Copies the images with these indices into the batch, each byte scaled to 0 ... 1.
void gather(const Dataset& data, std::span<const std::size_t> indices, Batch& batch);

}  // namespace digits
