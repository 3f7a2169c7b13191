#include "formats/idx.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include "formats/file_kind.h"
#include "formats/gzip.h"
#include "util/file.h"
#include "util/require.h"
#include "util/sizes.h"

namespace digits {
namespace {

// The magic numbers of the files that are written: bytes in three dimensions and in one.
constexpr std::uint32_t images_magic = 0x00000803;
constexpr std::uint32_t labels_magic = 0x00000801;

// What the values of a file are, by the third byte of the magic number. All are big-endian.
struct ValueType {
    std::uint8_t code;
    std::size_t size;  // in bytes
    const char* name;
    double (*decode)(std::uint64_t bits);
};

constexpr ValueType value_types[] = {
    {0x08, 1, "bytes", [](std::uint64_t bits) { return static_cast<double>(bits); }},
    {0x09, 1, "signed bytes",
     [](std::uint64_t bits) -> double { return static_cast<std::int8_t>(bits); }},
    {0x0b, 2, "16-bit integers",
     [](std::uint64_t bits) -> double { return static_cast<std::int16_t>(bits); }},
    {0x0c, 4, "32-bit integers",
     [](std::uint64_t bits) -> double { return static_cast<std::int32_t>(bits); }},
    {0x0d, 4, "32-bit floats",
     [](std::uint64_t bits) -> double {
         return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
     }},
    {0x0e, 8, "64-bit floats", [](std::uint64_t bits) { return std::bit_cast<double>(bits); }},
};
constexpr std::uint8_t byte_code = 0x08, int32_code = 0x0c, float32_code = 0x0d;

const ValueType* find_type(std::uint8_t code) {
    const auto* const found = std::ranges::find(value_types, code, &ValueType::code);
    return found == std::end(value_types) ? nullptr : found;
}

// The contents of a file.
struct IdxArray {
    const ValueType* type;
    std::vector<std::size_t> dimensions;
    std::vector<std::uint8_t> bytes;  // the values

    double value(std::size_t index) const {
        std::uint64_t bits = 0;
        for (std::size_t i = 0; i < type->size; ++i)
            bits = bits << 8 | bytes[index * type->size + i];
        return type->decode(bits);
    }
};

// "60000 x 28 x 28"
std::string product(std::span<const std::size_t> dimensions) {
    std::string text;
    for (const std::size_t dimension : dimensions) {
        text += str_cat(text.empty() ? "" : " x ", dimension);
    }
    return text;
}

std::string hexadecimal(std::span<const std::uint8_t> bytes) {
    std::string text;
    for (const std::uint8_t byte : bytes) {
        char digits[3];
        std::snprintf(digits, sizeof digits, "%02x", unsigned{byte});
        text += digits;
    }
    return text;
}

// Whether the product of the dimensions is `size`; by division, because the product could overflow.
bool multiply_to(std::span<const std::size_t> dimensions, std::size_t size) {
    for (const std::size_t dimension : dimensions) {
        if (size % dimension != 0) return false;
        size /= dimension;
    }
    return size == 1;
}

std::array<std::uint8_t, 4> magic_number(const IdxArray& array) {
    return {0, 0, array.type->code, static_cast<std::uint8_t>(array.dimensions.size())};
}

void check_size(const std::string& name, const IdxArray& array) {
    const std::span<const std::size_t> dimensions = array.dimensions;
    const std::size_t size = array.type->size, found = array.bytes.size();
    const bool is_empty = std::ranges::find(dimensions, std::size_t{0}) != dimensions.end();
    if (!is_empty && found % size == 0 && multiply_to(dimensions, found / size)) return;
    const bool is_usual =
        array.type->code == 0x08 && (dimensions.size() == 1 || dimensions.size() == 3);
    if (!is_usual) {
        fail(name, ": its magic number ", hexadecimal(magic_number(array)), " means ",
             array.type->name, " in ", dimensions.size(), " dimensions, here ", product(dimensions),
             ", but ", found,
             " bytes follow; is the magic number right, or is the file cut short?");
    }
    if (is_empty) {
        fail(name, ": is empty: its dimensions are ", product(dimensions), "; fetch it again");
    }
    fail(name, ": expected ", product(dimensions), size > 1 ? str_cat(" x ", size) : "",
         " bytes after the header, found ", found,
         "; the file is truncated or damaged, fetch it again");
}

std::size_t big_endian(const std::uint8_t* bytes) {
    return std::size_t{bytes[0]} << 24 | std::size_t{bytes[1]} << 16 | std::size_t{bytes[2]} << 8 |
           std::size_t{bytes[3]};
}

// Says what the file is instead of the `expected` kind of IDX file.
[[noreturn]] void not_idx(const std::string& name, const char* expected,
                          std::span<const std::uint8_t> bytes) {
    const auto magic = bytes.first(4);
    if (magic[2] == 0 && magic[3] == 0 && find_type(magic[1]) && magic[0] >= 1 && magic[0] <= 4) {
        fail(name, ": expected ", expected, ", found a little-endian header (first bytes ",
             hexadecimal(magic), "); IDX files are big-endian: write it with the highest byte of ",
             "each number first");
    }
    const std::string_view kind = file_kind(bytes);
    if (!kind.empty()) {
        fail(name, ": expected ", expected, ", found ", kind, " (first bytes ", hexadecimal(magic),
             "); fetch or unpack the file itself");
    }
    fail(name, ": expected ", expected, ", found something else (first bytes ", hexadecimal(magic),
         "); is it the right file? If so, fetch it again");
}

// Some servers and browsers compress once more what is compressed already. Only a few times,
// because there are gzip files that unpack to themselves.
std::vector<std::uint8_t> unpacked(std::vector<std::uint8_t> bytes, const std::string& name) {
    constexpr int most_layers = 3;
    for (int layer = 0; layer < most_layers && is_gzip(bytes); ++layer) bytes = gunzip(bytes, name);
    return bytes;
}

IdxArray parse_idx(std::vector<std::uint8_t> bytes, const std::string& name, const char* expected,
                   std::size_t usual_dimensions) {
    bytes = unpacked(std::move(bytes), name);
    std::size_t dimensions = usual_dimensions;
    const ValueType* type = nullptr;
    if (bytes.size() >= 4) {
        type = find_type(bytes[2]);
        dimensions = bytes[3];
        if (bytes[0] != 0 || bytes[1] != 0 || !type || dimensions == 0) {
            not_idx(name, expected, bytes);
        }
    }
    const std::size_t header_size = 4 + 4 * dimensions;
    if (bytes.size() < header_size) {
        fail(name, ": expected an IDX header of ", header_size, " bytes, found ", bytes.size(),
             " bytes in all; fetch it again");
    }
    IdxArray array{type, {}, {}};
    for (std::size_t i = 0; i < dimensions; ++i) {
        array.dimensions.push_back(big_endian(bytes.data() + 4 + 4 * i));
    }
    // Moves all values by a few bytes. The simplest way, and only some milliseconds for MNIST.
    bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(header_size));
    array.bytes = std::move(bytes);
    return array;
}

// Refuses an array of other dimensions than those of images or labels.
[[noreturn]] void wrong_dimensions(const std::string& name, const char* expected,
                                   const IdxArray& array) {
    const std::size_t count = array.dimensions.size();
    const bool is_swapped = count == 1 || count == 3 || count == 4;
    fail(name, ": expected ", expected, ", found ",
         count == 1   ? "labels"
         : is_swapped ? "images"
                      : str_cat(array.type->name, " in ", count, " dimensions"),
         " (magic number ", hexadecimal(magic_number(array)), ")",
         is_swapped ? "; have two files been swapped?" : "");
}

struct ImageSize {
    std::size_t rows = 0, columns = 0;
};

// From 2, 3 or 4 dimensions.
ImageSize image_size(const IdxArray& array, const std::string& name) {
    const std::vector<std::size_t>& d = array.dimensions;
    if (d.size() == 3) return {d[1], d[2]};
    if (d.size() == 4) {
        if (d[1] == 1) return {d[2], d[3]};
        if (d[3] == 1) return {d[1], d[2]};
        fail(name, ": expected grayscale images, as N x 1 x rows x columns or N x rows x columns ",
             "x 1, found ", product(d), "; convert them to grayscale first");
    }
    const auto side = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(d[1]))));
    if (side * side == d[1]) return {side, side};
    fail(name,
         ": expected images as N x rows x columns, or as N x pixels if they are square, found ",
         product(d), " ", array.type->name);
}

// Pixels as bytes. Integers are taken as they are; floats from 0 to 1 become 0 to 255.
std::vector<std::uint8_t> pixels_of(IdxArray array, const std::string& name) {
    if (array.type->code == byte_code) return std::move(array.bytes);
    const bool is_float = array.type->code >= float32_code;
    const std::size_t count = array.bytes.size() / array.type->size;
    double largest = 0.0;
    for (std::size_t i = 0; i < count; ++i) {
        const double value = array.value(i);
        if (!(value >= 0.0 && value <= 255.0)) {
            fail(name, ": expected pixels from 0 to 255", is_float ? " or from 0 to 1" : "",
                 ", found ", value, " among ", array.type->name,
                 is_float ? "; if the pixels are normalized, undo that before writing them" : "");
        }
        largest = std::max(largest, value);
    }
    const double scale = is_float && largest <= 1.0 ? 255.0 : 1.0;
    std::vector<std::uint8_t> pixels(count);
    for (std::size_t i = 0; i < count; ++i) {
        pixels[i] = static_cast<std::uint8_t>(scale * array.value(i) + 0.5);
    }
    return pixels;
}

// The column of the only 1 in each row of zeros; empty if a row is different.
std::vector<double> one_hot_labels(const IdxArray& array) {
    const std::size_t rows = array.dimensions[0], columns = array.dimensions[1];
    std::vector<double> labels;
    for (std::size_t row = 0; row < rows; ++row) {
        std::size_t ones = 0, zeros = 0, place = 0;
        for (std::size_t column = 0; column < columns; ++column) {
            const double value = array.value(row * columns + column);
            zeros += value == 0.0;
            if (value != 1.0) continue;
            ++ones;
            place = column;
        }
        if (ones != 1 || zeros != columns - 1) return {};
        labels.push_back(static_cast<double>(place));
    }
    return labels;
}

// From 1 or 2 dimensions.
std::vector<double> label_values(const IdxArray& array, const std::string& name) {
    const std::vector<std::size_t>& d = array.dimensions;
    constexpr std::size_t qmnist_columns = 8;  // the class, the writer, where it stood ...
    const std::size_t columns = d.size() == 2 ? d[1] : 1;
    if (columns > 1) {
        std::vector<double> labels = one_hot_labels(array);
        if (!labels.empty()) return labels;
        if (array.type->code != int32_code || columns != qmnist_columns) {
            fail(name, ": expected one label for each image, one-hot rows (N x classes) or the ",
                 "labels of QMNIST (N x 8 32-bit integers), found ", product(d), " ",
                 array.type->name);
        }
    }
    std::vector<double> labels;
    for (std::size_t i = 0; i < d[0]; ++i) labels.push_back(array.value(i * columns));
    return labels;
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
    constexpr const char* expected = "IDX images (magic number 00000803)";
    IdxArray array = parse_idx(std::move(bytes), name, expected, 3);
    const std::size_t dimensions = array.dimensions.size();
    if (dimensions < 2 || dimensions > 4) wrong_dimensions(name, expected, array);
    check_size(name, array);
    const std::size_t count = array.dimensions[0];
    const auto [rows, columns] = image_size(array, name);
    return {count, rows, columns, pixels_of(std::move(array), name)};
}

std::vector<std::uint8_t> parse_idx_labels(std::vector<std::uint8_t> bytes,
                                           const std::string& name) {
    constexpr const char* expected = "IDX labels (magic number 00000801)";
    IdxArray array = parse_idx(std::move(bytes), name, expected, 1);
    if (array.dimensions.size() > 2) wrong_dimensions(name, expected, array);
    check_size(name, array);
    if (array.type->code == byte_code && array.dimensions.size() == 1) {
        return std::move(array.bytes);
    }
    std::vector<std::uint8_t> labels;
    for (const double value : label_values(array, name)) {
        if (!(value >= 0.0 && value <= 255.0) || value != std::floor(value)) {
            fail(name, ": expected whole labels from 0 to 255, found ", value, " for image ",
                 labels.size());
        }
        labels.push_back(static_cast<std::uint8_t>(value));
    }
    return labels;
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
