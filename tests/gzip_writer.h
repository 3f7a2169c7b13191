// Gzip files written bit by bit, for tests of the reader: right ones, and wrong ones above all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "formats/gzip.h"

namespace digits::testing {

using Bytes = std::vector<std::uint8_t>;

// Two digits a byte; spaces between bytes are for the eye.
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
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

// DEFLATE data. Numbers are written with their lowest bit first, Huffman codes as they are read.
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

    // Fills the last byte with zeros and goes on behind it.
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

// The first bits of the last block; of kind 0 (stored), 1 (the fixed code) or 2 (its own code).
inline Bits last_block(unsigned kind) {
    return Bits().number(1, 1).number(kind, 2);
}

inline const Bytes plain_header = from_hexadecimal("1f8b0800000000000003");

// A whole file around DEFLATE data that unpacks to `content`.
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
