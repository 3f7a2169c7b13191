// The IDX file format, in which MNIST and its relatives come: read, plain or gzipped, and written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace digits {

// A header of numbers of four bytes each, the highest byte first, then one byte for each value:
//
//     images   00000803   count   rows   columns   pixels, image after image, row after row
//     labels     00000801   count   labels
struct IdxImages {
    std::size_t count = 0;
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::vector<std::uint8_t> pixels;  // count * rows * columns
};

// The first bytes of a file tell whether it is gzipped, not its name: some browsers unpack what
// they fetch and leave ".gz" in the name. Both throw std::runtime_error that names the file, what
// was expected, what was found and what to do. A file takes the memory that it fills: what its
// header promises is compared with its size and never allocated.
IdxImages read_idx_images(const std::filesystem::path& path);
std::vector<std::uint8_t> read_idx_labels(const std::filesystem::path& path);

// The same from the bytes of a file; `name` begins the error messages.
IdxImages parse_idx_images(std::vector<std::uint8_t> bytes, const std::string& name);
std::vector<std::uint8_t> parse_idx_labels(std::vector<std::uint8_t> bytes,
                                           const std::string& name);

// Plain files. Throw std::invalid_argument when there is nothing to write or the pixels are not
// `count` images, std::runtime_error when the file cannot be written.
void write_idx_images(const std::filesystem::path& path, std::size_t count, std::size_t rows,
                      std::size_t columns, std::span<const std::uint8_t> pixels);
void write_idx_images(const std::filesystem::path& path, std::size_t rows, std::size_t columns,
                      std::span<const std::span<const std::uint8_t>> images);
void write_idx_labels(const std::filesystem::path& path, std::span<const std::uint8_t> labels);

}  // namespace digits
