// Builds PNG files of every kind, valid and invalid ones, for tests of the reader.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "formats/gzip.h"
#include "gzip_writer.h"

namespace digits::testing {

inline void append_number(Bytes& bytes, std::size_t number) {
    for (const int shift : {24, 16, 8, 0}) {
        bytes.push_back(static_cast<std::uint8_t>(number >> shift & 0xff));
    }
}

inline Bytes png_chunk(const std::string& type, const Bytes& data) {
    const Bytes checked = joined(from_text(type), data);
    Bytes chunk;
    append_number(chunk, data.size());
    chunk = joined(chunk, checked);
    append_number(chunk, crc32(checked));
    return chunk;
}

// zlib data of one stored block, up to 65535 bytes.
inline Bytes stored_zlib(const Bytes& content) {
    Bits block = last_block(0).whole_bytes({});
    block.number(content.size(), 16).number(~content.size(), 16).whole_bytes(content);
    Bytes stream = joined({0x78, 0x01}, block.bytes());
    append_number(stream, adler32(content));
    return stream;
}

struct PngBuilder {
    std::size_t width = 1;
    std::size_t height = 1;
    std::uint8_t depth = 8;
    std::uint8_t colour_type = 0;
    std::uint8_t interlace = 0;
    Bytes rows{};    // each with its filter byte in front
    Bytes before{};  // complete chunks between IHDR and IDAT

    Bytes header() const {
        Bytes data;
        append_number(data, width);
        append_number(data, height);
        for (const std::uint8_t byte :
             {depth, colour_type, std::uint8_t{0}, std::uint8_t{0}, interlace}) {
            data.push_back(byte);
        }
        return data;
    }

    Bytes file() const { return file_with(png_chunk("IDAT", stored_zlib(rows))); }

    Bytes file_with(const Bytes& data_chunks) const {
        Bytes bytes = from_hexadecimal("89504e470d0a1a0a");
        for (const Bytes& part :
             {png_chunk("IHDR", header()), before, data_chunks, png_chunk("IEND", {})}) {
            bytes = joined(bytes, part);
        }
        return bytes;
    }
};

}  // namespace digits::testing
