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
//     labels   00000801   count   labels
//
// The third byte of the first number is the type of the values, the fourth the number of
// dimensions. Such files are written. Read are also, as other programs write them: values of 16,
// 32 and 64 bits, signed and floating-point (types 09, 0b, 0c, 0d, 0e), which become bytes; images
// with one channel (count x 1 x rows x columns, count x rows x columns x 1) and square images in
// one row each (count x pixels); one-hot labels (count x classes) and those of QMNIST (count x 8
// 32-bit integers, the first of which is the class). Pixels must lie between 0 and 255. Floating-
// point pixels are multiplied by 255 if none is above 1; otherwise they are rounded.
struct IdxImages {
    std::size_t count = 0;
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::vector<std::uint8_t> pixels;  // count * rows * columns
};

// Whether a file is gzipped, once or more often, is decided by its first bytes, not by its name:
// some browsers unpack what they download and leave ".gz" in the name. Both functions throw
// std::runtime_error, which names the file, what was expected, what was found and what to do next.
// The sizes in the header are compared with the size of the file before anything is allocated.
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
