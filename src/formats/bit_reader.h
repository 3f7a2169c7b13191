// BitReader: reads compressed data from front to back, bit by bit or in whole bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "util/require.h"

namespace digits {

// Least significant bit first: the first bit is the lowest of the first byte, and numbers are
// stored with their lowest bit first. From the byte 0xb2 = 10110010, take(3) is binary 010 and then
// take(5) is binary 10110.
class BitReader {
public:
    // Error messages begin with `name` and call the file a `format` file. All arguments must
    // outlive the reader.
    BitReader(std::span<const std::uint8_t> bytes, const std::string& name,
              const char* format = "gzip")
        : bytes_(bytes), name_(name), format_(format) {}

    // The next `count` bits, at most 32, without consuming them. Past the end they are zero,
    // because a look-ahead may reach further than what is then taken.
    std::uint32_t peek(unsigned count) {
        if (held_ < 32) fill();
        return static_cast<std::uint32_t>(bits_ & ((std::uint64_t{1} << count) - 1));
    }

    void skip(unsigned count) {
        if (count > held_) ends_too_early();
        bits_ >>= count;
        held_ -= count;
    }

    std::uint32_t take(unsigned count) {
        const std::uint32_t value = peek(count);
        skip(count);
        return value;
    }

    // Skips to the next byte boundary.
    void align() { skip(held_ % 8); }

    // The next whole bytes, after align().
    std::span<const std::uint8_t> take_bytes(std::size_t count) {
        const std::size_t begin = position();
        if (count > bytes_.size() - begin) ends_too_early();
        next_ = begin + count;
        bits_ = 0;
        held_ = 0;
        return bytes_.subspan(begin, count);
    }

    // The number of bytes taken, including one that is only partly read.
    std::size_t position() const { return next_ - held_ / 8; }
    std::size_t bytes_left() const { return bytes_.size() - position(); }
    const std::string& name() const { return name_; }

    template <class... Parts>
    [[noreturn]] void damaged(const Parts&... what) const {
        fail(name_, ": this ", format_, " file is damaged: ", what..., ", near byte ", position(),
             " of ", bytes_.size(), "; fetch it again");
    }

private:
    void fill() {
        while (held_ <= 56 && next_ < bytes_.size()) {
            bits_ |= std::uint64_t{bytes_[next_++]} << held_;
            held_ += 8;
        }
    }

    [[noreturn]] void ends_too_early() const { damaged("unexpected end of file"); }

    std::span<const std::uint8_t> bytes_;
    const std::string& name_;
    const char* format_;
    std::size_t next_ = 0;    // the first byte that is not yet in bits_
    std::uint64_t bits_ = 0;  // bit buffer: read from bytes_ but not yet taken, the next bit lowest
    unsigned held_ = 0;       // the number of bits in it
};

}  // namespace digits
