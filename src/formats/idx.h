// The IDX file format of MNIST and similar data sets: reading, plain or gzipped, and writing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace digits {

// A header of big-endian 32-bit numbers, then one byte for each value:
//
//     images   00000803   count   rows   columns   pixels, image after image, row after row
//     labels     00000801   count   labels
struct IdxImages {
    std::size_t count = 0;
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::vector<std::uint8_t> pixels;  // count * rows * columns
};

// Whether a file is gzipped is decided by its first bytes, not by its name: some browsers unpack
// what they download and leave ".gz" in the name. Both functions throw std::runtime_error, which
// names the file, what was expected, what was found and what to do next. The sizes in the header
// are compared with the size of the file before anything is allocated.
IdxImages read_idx_images(const std::filesystem::path& path);
std::vector<std::uint8_t> read_idx_labels(const std::filesystem::path& path);

// The same from the bytes of a file. Error messages begin with `name`.
IdxImages parse_idx_images(std::vector<std::uint8_t> bytes, const std::string& name);
std::vector<std::uint8_t> parse_idx_labels(std::vector<std::uint8_t> bytes,
                                           const std::string& name);

// Write uncompressed files. They throw std::invalid_argument if there is nothing to write or the
// number of pixels is not count * rows * columns, and std::runtime_error if the file cannot be
// written.
void write_idx_images(const std::filesystem::path& path, std::size_t count, std::size_t rows,
                      std::size_t columns, std::span<const std::uint8_t> pixels);
void write_idx_images(const std::filesystem::path& path, std::size_t rows, std::size_t columns,
                      std::span<const std::span<const std::uint8_t>> images);
void write_idx_labels(const std::filesystem::path& path, std::span<const std::uint8_t> labels);

}  // namespace digits
