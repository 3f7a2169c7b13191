// Data sets: labelled images, from the four files of a folder to the batches to train on.
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
// Copies, subsets and concatenations share the pixels, which nobody changes: each holds a pointer
// to every one of its images.
class Dataset {
public:
    Dataset() = default;  // no images

    // `pixels` are those of all images, image after image, row after row. Throws
    // std::invalid_argument when they are not an image of rows x columns for each label, or when a
    // label is not less than `classes`.
    Dataset(std::string dataset_name, std::size_t image_rows, std::size_t image_columns,
            std::size_t class_count, std::vector<std::uint8_t> pixels,
            std::vector<std::uint8_t> image_labels);

    std::string name;                  // where it came from, for messages and reports
    std::size_t rows = 0;              // of one image
    std::size_t columns = 0;           // of one image
    std::size_t classes = 0;           // every label is less than this
    std::vector<std::uint8_t> labels;  // N

    std::size_t size() const { return labels.size(); }
    std::size_t inputs() const { return rows * columns; }
    std::span<const std::uint8_t> image(std::size_t index) const {
        return {images_[index], inputs()};
    }
    // The pixels of all images, N * rows * columns: a copy.
    std::vector<std::uint8_t> pixels() const;

    // Throws std::invalid_argument, which begins with `context`, when the public members have been
    // changed so that they no longer fit the images. Everything that takes a data set checks this.
    void require_valid(const char* context) const;

private:
    friend Dataset subset(const Dataset& data, std::span<const std::size_t> indices);
    friend Dataset concatenate(const TrainTest& data);

    std::size_t image_size_ = 0;                 // bytes of each image
    std::vector<const std::uint8_t*> images_{};  // N, into the storage
    std::vector<std::shared_ptr<const std::vector<std::uint8_t>>> storage_{};
};

struct TrainTest {
    Dataset train;
    Dataset test;
};

// Reads train-images, train-labels, t10k-images and t10k-labels from a folder. The names go on with
// "-idx3-ubyte" ("-idx1-ubyte" for labels) or ".idx3-ubyte", plain or with ".gz"; a plain file is
// preferred. There are as many classes as the largest training label says, plus one, at most 256.
// Throws std::runtime_error that names the file, what was expected, what was found and what to do.
TrainTest load_folder(const std::filesystem::path& folder);

// Only the test half, which must have the images' size of `train` and no class that it lacks.
Dataset load_test(const std::filesystem::path& folder, const Dataset& train);

// Writes the four files, plain, so that load_folder() reads the same back. Creates the folder.
void save_folder(const std::filesystem::path& folder, const TrainTest& data);

// The images with these indices, in this order. No pixels are copied.
Dataset subset(const Dataset& data, std::span<const std::size_t> indices);

// Training and test images as one data set, to be split anew. No pixels are copied.
Dataset concatenate(const TrainTest& data);

// Shuffles, then gives the first `fraction` of the images (rounded to the nearest count) to
// `train` and the rest to `test`. Throws std::invalid_argument when either would be empty.
TrainTest split(const Dataset& data, double fraction, Random& random);

// One number for all pixels and labels, as 16 hexadecimal digits: the same data, the same hash.
std::string data_hash(const Dataset& data);

// The order in which an epoch visits the images, cut into batches. The last batch may be shorter.
class BatchSampler {
public:
    BatchSampler(std::size_t examples, std::size_t batch_size);

    void shuffle(Random& random);
    std::size_t batches() const;
    std::span<const std::size_t> batch(std::size_t number) const;
    std::size_t batch_size() const { return batch_size_; }

    // All indices as they stand now, to go on from there. set_order() throws std::invalid_argument
    // for what is not the same indices in some order.
    std::span<const std::size_t> order() const { return order_; }
    void set_order(std::vector<std::size_t> order);

private:
    std::vector<std::size_t> order_;
    std::size_t batch_size_;
};

// What one training step sees.
struct Batch {
    Matrix input;                      // X (B, I): pixels as 0 ... 1
    std::vector<std::uint8_t> labels;  // y (B)
};

// Copies the images with these indices into the batch, each byte scaled to 0 ... 1.
void gather(const Dataset& data, std::span<const std::size_t> indices, Batch& batch);

}  // namespace digits
