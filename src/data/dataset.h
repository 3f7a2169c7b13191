// Labelled images, from the four files of a folder to the batches that a network trains on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "linalg/matrix.h"
#include "util/random.h"

namespace digits {

// N grey images of rows x columns pixels and the class of each. Pixels stay bytes in memory, as
// they are in the file: 0 is paper, 255 is ink. MNIST takes 47 MB this way, 188 MB as floats.
struct Dataset {
    std::string name;                  // where it came from, for messages and reports
    std::size_t rows = 0;              // of one image
    std::size_t columns = 0;           // of one image
    std::size_t classes = 0;           // every label is less than this
    std::vector<std::uint8_t> pixels;  // N * rows * columns, image after image, row after row
    std::vector<std::uint8_t> labels;  // N

    std::size_t size() const { return labels.size(); }
    std::size_t inputs() const { return rows * columns; }
    std::span<const std::uint8_t> image(std::size_t index) const {
        return {pixels.data() + index * inputs(), inputs()};
    }
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

// The images with these indices, in this order.
Dataset subset(const Dataset& data, std::span<const std::size_t> indices);

// Training and test images in one pool, for a split of one's own.
Dataset pool(const TrainTest& data);

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
