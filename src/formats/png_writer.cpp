#include "formats/png_writer.h"

#include <algorithm>
#include <string_view>

#include "formats/gzip.h"
#include "util/file.h"
#include "util/require.h"

namespace digits {
namespace {

using Bytes = std::vector<std::uint8_t>;

void append_big_endian(Bytes& bytes, std::size_t value) {
    for (const int shift : {24, 16, 8, 0}) {
        bytes.push_back(static_cast<std::uint8_t>(value >> shift & 0xff));
    }
}

void append_little_endian_16(Bytes& bytes, std::size_t value) {
    bytes.push_back(static_cast<std::uint8_t>(value & 0xff));
    bytes.push_back(static_cast<std::uint8_t>(value >> 8 & 0xff));
}

// A PNG file is a sequence of chunks: length, type (four letters), data, and a checksum of type and
// data.
void append_chunk(Bytes& file, std::string_view type, std::span<const std::uint8_t> data) {
    append_big_endian(file, data.size());
    const std::size_t start = file.size();
    file.insert(file.end(), type.begin(), type.end());
    file.insert(file.end(), data.begin(), data.end());
    append_big_endian(file, crc32(std::span(file).subspan(start)));
}

// PNG requires a zlib stream (RFC 1950) of DEFLATE data (RFC 1951), but DEFLATE need not compress:
// a stored block is a byte that says whether it is the last one, the length, the length with all
// bits inverted, and up to 65,535 uncompressed bytes. Digits are small: an image grid of 400 takes
// 338 kB, which does not justify the pages of code of a compressor.
Bytes stored_zlib(std::span<const std::uint8_t> data) {
    Bytes stream = {0x78, 0x01};  // method 8, window 2^15; level 0, check bits
    const std::uint32_t checksum = adler32(data);
    while (!data.empty()) {
        const auto block = data.first(std::min<std::size_t>(data.size(), 65535));
        data = data.subspan(block.size());
        stream.push_back(data.empty() ? 1 : 0);
        append_little_endian_16(stream, block.size());
        append_little_endian_16(stream, ~block.size());
        stream.insert(stream.end(), block.begin(), block.end());
    }
    append_big_endian(stream, checksum);
    return stream;
}

// A PNG file with one byte per pixel. Without a palette, the bytes are grey levels.
Bytes png_file(std::size_t width, std::size_t height, const Bytes& pixels, const Bytes& palette) {
    // Lengths in a PNG file are below 2^31, and all pixels go into one chunk.
    const std::size_t max_size = std::size_t{1} << 30;
    require(width > 0 && height > 0 && width < max_size && height < max_size / (width + 1),
            "png: cannot encode an image of ", width, " x ", height);
    require(pixels.size() == width * height, "png: ", pixels.size(), " pixels for an image of ",
            width, " x ", height);

    Bytes header;
    append_big_endian(header, width);
    append_big_endian(header, height);
    // Bit depth 8; colour type 0 (grey) or 3 (palette); compression 0 (zlib); filter method 0; not
    // interlaced.
    header.insert(header.end(), {8, static_cast<std::uint8_t>(palette.empty() ? 0 : 3), 0, 0, 0});

    Bytes rows;
    for (std::size_t y = 0; y < height; ++y) {
        rows.push_back(0);  // filter 0: the bytes themselves, without prediction
        const auto row = std::span(pixels).subspan(y * width, width);
        rows.insert(rows.end(), row.begin(), row.end());
    }

    Bytes file(png_signature.begin(), png_signature.end());
    append_chunk(file, "IHDR", header);
    if (!palette.empty()) append_chunk(file, "PLTE", palette);
    append_chunk(file, "IDAT", stored_zlib(rows));
    append_chunk(file, "IEND", {});
    return file;
}

}  // namespace

std::vector<std::uint8_t> encode_png(const GrayImage& image) {
    return png_file(image.width, image.height, image.pixels, {});
}

std::vector<std::uint8_t> encode_png(const PaletteImage& image) {
    Bytes palette;
    for (const auto& colour : image.palette) {
        palette.insert(palette.end(), colour.begin(), colour.end());
    }
    return png_file(image.width, image.height, image.pixels, palette);
}

void write_png(const std::filesystem::path& path, const GrayImage& image) {
    write_file(path, {as_characters(encode_png(image))});
}

}  // namespace digits
