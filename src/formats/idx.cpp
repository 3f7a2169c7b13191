#include "formats/idx.h"

#include <array>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include "formats/gzip.h"
#include "util/file.h"
#include "util/require.h"
#include "util/sizes.h"

namespace digits {
namespace {

// The magic number: 08 for values of one byte, then the number of dimensions.
constexpr std::uint32_t images_magic = 0x00000803;
constexpr std::uint32_t labels_magic = 0x00000801;

std::string description(std::uint32_t magic) {
    char number[9];
    std::snprintf(number, sizeof number, "%08lx", static_cast<unsigned long>(magic));
    if (magic == images_magic) return str_cat("images (magic number ", number, ")");
    if (magic == labels_magic) return str_cat("labels (magic number ", number, ")");
    return str_cat("something else (first bytes ", number, ")");
}

void check_magic(const std::string& name, std::uint32_t expected, std::uint32_t found) {
    if (found == expected) return;
    const bool is_swapped = found == images_magic || found == labels_magic;
    fail(name, ": expected IDX ", description(expected), ", found ", description(found), "; ",
         is_swapped ? "have two files been swapped?"
                    : "is it the right file? If so, fetch it again");
}

// Whether the product of the dimensions is `size`; by division, because the product could overflow.
bool multiply_to(std::span<const std::uint32_t> dimensions, std::size_t size) {
    for (const std::uint32_t dimension : dimensions) {
        if (size % dimension != 0) return false;
        size /= dimension;
    }
    return size == 1;
}

void check_dimensions(const std::string& name, std::span<const std::uint32_t> dimensions,
                      std::size_t found) {
    std::string product;
    for (const std::uint32_t dimension : dimensions) {
        product += str_cat(product.empty() ? "" : " x ", dimension);
    }
    for (const std::uint32_t dimension : dimensions) {
        if (dimension == 0)
            fail(name, ": is empty: its dimensions are ", product, "; fetch it again");
    }
    if (multiply_to(dimensions, found)) return;
    fail(name, ": expected ", product, " bytes after the header, found ", found,
         "; the file is truncated or damaged, fetch it again");
}

std::uint32_t big_endian(const std::uint8_t* bytes) {
    return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 |
           std::uint32_t{bytes[2]} << 8 | std::uint32_t{bytes[3]};
}

template <std::size_t Dimensions>
struct Contents {
    std::array<std::uint32_t, Dimensions> dimensions{};
    std::vector<std::uint8_t> values;
};

template <std::size_t Dimensions>
Contents<Dimensions> parse_idx(std::vector<std::uint8_t> bytes, const std::string& name,
                               std::uint32_t magic) {
    if (is_gzip(bytes)) bytes = gunzip(bytes, name);

    constexpr std::size_t header_size = 4 + 4 * Dimensions;
    if (bytes.size() >= 4) check_magic(name, magic, big_endian(bytes.data()));
    if (bytes.size() < header_size) {
        fail(name, ": expected an IDX header of ", header_size, " bytes, found ", bytes.size(),
             " bytes in all; fetch it again");
    }
    Contents<Dimensions> contents;
    for (std::size_t i = 0; i < Dimensions; ++i) {
        contents.dimensions[i] = big_endian(bytes.data() + 4 + 4 * i);
    }
    check_dimensions(name, contents.dimensions, bytes.size() - header_size);

    // Moves all values by a few bytes. The simplest way, and only some milliseconds for MNIST.
    bytes.erase(bytes.begin(), bytes.begin() + header_size);
    contents.values = std::move(bytes);
    return contents;
}

void write_idx(const std::filesystem::path& path, std::uint32_t magic,
               std::span<const std::size_t> dimensions,
               std::span<const std::span<const std::uint8_t>> values) {
    std::string header;
    const auto append = [&](std::size_t number) {
        require(number > 0 && number <= 0xffffffff, "idx: a size of ", number,
                " does not fit the header");
        for (int shift = 24; shift >= 0; shift -= 8) {
            header.push_back(static_cast<char>(number >> shift & 0xff));
        }
    };
    append(magic);
    for (const std::size_t dimension : dimensions) append(dimension);

    // Values that lie one after the other in memory are one part.
    std::vector<std::string_view> parts{header};
    for (const std::span<const std::uint8_t> some : values) {
        const std::string_view next = as_characters(some);
        std::string_view& last = parts.back();
        if (parts.size() > 1 && last.data() + last.size() == next.data()) {
            last = {last.data(), last.size() + next.size()};
        } else {
            parts.push_back(next);
        }
    }
    write_file(path, parts);
}

}  // namespace

IdxImages parse_idx_images(std::vector<std::uint8_t> bytes, const std::string& name) {
    auto [dimensions, pixels] = parse_idx<3>(std::move(bytes), name, images_magic);
    return {dimensions[0], dimensions[1], dimensions[2], std::move(pixels)};
}

std::vector<std::uint8_t> parse_idx_labels(std::vector<std::uint8_t> bytes,
                                           const std::string& name) {
    return parse_idx<1>(std::move(bytes), name, labels_magic).values;
}

IdxImages read_idx_images(const std::filesystem::path& path) {
    return parse_idx_images(read_file(path), path.string());
}

std::vector<std::uint8_t> read_idx_labels(const std::filesystem::path& path) {
    return parse_idx_labels(read_file(path), path.string());
}

void write_idx_images(const std::filesystem::path& path, std::size_t count, std::size_t rows,
                      std::size_t columns, std::span<const std::uint8_t> pixels) {
    const std::size_t size = checked_product(rows, columns, "idx");
    require(pixels.size() == checked_product(count, size, "idx"), "idx: ", pixels.size(),
            " pixels are not ", count, " images of ", rows, "x", columns);
    write_idx(path, images_magic, std::array{count, rows, columns}, std::array{pixels});
}

void write_idx_images(const std::filesystem::path& path, std::size_t rows, std::size_t columns,
                      std::span<const std::span<const std::uint8_t>> images) {
    const std::size_t size = checked_product(rows, columns, "idx");
    for (const std::span<const std::uint8_t> image : images) {
        require(image.size() == size, "idx: ", image.size(), " pixels are not an image of ", rows,
                "x", columns);
    }
    write_idx(path, images_magic, std::array{images.size(), rows, columns}, images);
}

void write_idx_labels(const std::filesystem::path& path, std::span<const std::uint8_t> labels) {
    write_idx(path, labels_magic, std::array{labels.size()}, std::array{labels});
}

}  // namespace digits
