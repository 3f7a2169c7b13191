// Reads a packed file from front to back, by bits or by whole bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "util/require.h"

namespace digits {

// The first bit is the lowest of the first byte, and a number comes with its lowest bit first: from
// the byte 0xb2 = 10110010 take(3) is binary 010 and then take(5) is binary 10110.
class BitReader {
public:
    // `name` begins the error messages, and `format` is what they call the file. All arguments must
    // outlive the reader.
    BitReader(std::span<const std::uint8_t> bytes, const std::string& name,
              const char* format = "gzip")
        : bytes_(bytes), name_(name), format_(format) {}

    // The next `count` bits, at most 32, left where they are. Beyond the end there are zeros: a
    // look ahead may reach further than what is then taken.
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

    // Drops what is left of a byte that was begun.
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

    // The number of bytes taken, a begun one included.
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

    [[noreturn]] void ends_too_early() const { damaged("it ends too early"); }

    std::span<const std::uint8_t> bytes_;
    const std::string& name_;
    const char* format_;
    std::size_t next_ = 0;    // the first byte that is not yet in bits_
    std::uint64_t bits_ = 0;  // read from bytes_ but not yet taken, the next one lowest
    unsigned held_ = 0;       // how many of those there are
};

}  // namespace digits
