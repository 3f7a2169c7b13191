// Writes gzip files bit by bit, valid and above all invalid ones, for tests of the reader.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "formats/gzip.h"

namespace digits::testing {

using Bytes = std::vector<std::uint8_t>;

// Two digits per byte; spaces between bytes are ignored.
inline Bytes from_hexadecimal(std::string_view digits) {
    Bytes bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
        while (digits[i] == ' ') ++i;
        const std::string pair(digits.substr(i, 2));
        bytes.push_back(static_cast<std::uint8_t>(std::stoul(pair, nullptr, 16)));
    }
    return bytes;
}

inline Bytes from_text(std::string_view text) {
    return {text.begin(), text.end()};
}

inline Bytes joined(Bytes first, const Bytes& second) {
    // insert() makes GCC 12 warn of a copy that is too long.
    for (const std::uint8_t byte : second) first.push_back(byte);
    return first;
}

// A writer for DEFLATE data. Numbers are written lowest bit first, Huffman codes highest bit first.
class Bits {
public:
    Bits& number(std::size_t value, unsigned count) {
        for (unsigned i = 0; i < count; ++i) bit(value >> i & 1);
        return *this;
    }

    Bits& code(std::string_view digits) {
        for (const char digit : digits) bit(digit == '1');
        return *this;
    }

    Bits& code(std::size_t value, unsigned count) {
        while (count-- > 0) bit(value >> count & 1);
        return *this;
    }

    // Pads the last byte with zeros and appends these bytes.
    Bits& whole_bytes(const Bytes& more) {
        bytes_ = joined(bytes_, more);
        used_ = bytes_.size() * 8;
        return *this;
    }

    const Bytes& bytes() const { return bytes_; }

private:
    void bit(std::size_t value) {
        if (used_ % 8 == 0) bytes_.push_back(0);
        bytes_.back() = static_cast<std::uint8_t>(bytes_.back() | value << used_ % 8);
        ++used_;
    }

    Bytes bytes_;
    std::size_t used_ = 0;
};

// The header of the last block, of type 0 (stored), 1 (fixed code) or 2 (dynamic code).
inline Bits last_block(unsigned type) {
    return Bits().number(1, 1).number(type, 2);
}

inline const Bytes plain_header = from_hexadecimal("1f8b0800000000000003");

// A complete gzip file of DEFLATE data that unpacks to `content`.
inline Bytes gzip_file(const Bytes& deflated, const Bytes& content,
                       const Bytes& header = plain_header) {
    Bits file;
    file.whole_bytes(header).whole_bytes(deflated);
    return file.number(crc32(content), 32).number(content.size(), 32).bytes();
}

// The simplest gzip file of up to 65535 bytes: one stored block.
inline Bytes stored_gzip_file(const Bytes& content) {
    Bits block = last_block(0).whole_bytes({});
    block.number(content.size(), 16).number(~content.size(), 16).whole_bytes(content);
    return gzip_file(block.bytes(), content);
}

}  // namespace digits::testing
