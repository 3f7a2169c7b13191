// Huffman decoding: frequent symbols have short codes, rare ones long codes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "formats/bit_reader.h"

namespace digits {

// A prefix code: no code is the beginning of a different one, so the bits themselves tell where a
// code ends. Decoding is one look-up in a table indexed by as many bits as the longest code has: a
// shorter code has one entry for each combination of the bits that may follow it.
class HuffmanCode {
public:
    // lengths[symbol] is the number of bits of its code, 0 if it has none. The lengths determine
    // the codes (a canonical code): shorter ones first, and those of equal length in order of
    // symbols. The lengths 2, 1, 3, 3 give the codes 10, 0, 110, 111.
    HuffmanCode(std::span<const std::uint8_t> lengths, const BitReader& reader)
        : width_(std::max<unsigned>(1, *std::max_element(lengths.begin(), lengths.end()))),
          table_(std::size_t{1} << width_) {
        std::size_t filled = 0;  // table entries
        for (const std::uint8_t length : lengths) {
            if (length > 0) filled += std::size_t{1} << (width_ - length);
        }
        if (filled > table_.size()) reader.damaged("a Huffman code is oversubscribed");
        // A single symbol has the code 0, and the code 1 is unused. Any other gap is an error.
        if (filled < table_.size() && width_ > 1) reader.damaged("a Huffman code is incomplete");

        unsigned code = 0;
        for (unsigned length = 1; length <= width_; ++length, code *= 2) {
            for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol) {
                if (lengths[symbol] == length) add(symbol, code++, length);
            }
        }
    }

    unsigned decode(BitReader& reader) const {
        const Entry entry = table_[reader.peek(width_)];
        if (entry.length == 0) reader.damaged("bits that are not a Huffman code");
        reader.skip(entry.length);
        return entry.symbol;
    }

private:
    struct Entry {
        std::uint16_t symbol = 0;
        std::uint16_t length = 0;
    };

    void add(std::size_t symbol, unsigned code, unsigned length) {
        // Unlike numbers, codes are stored with their highest bit first.
        std::size_t reversed = 0;
        for (unsigned bit = 0; bit < length; ++bit) reversed = reversed * 2 + (code >> bit & 1);
        for (std::size_t entry = reversed; entry < table_.size();
             entry += std::size_t{1} << length) {
            table_[entry] = {static_cast<std::uint16_t>(symbol),
                             static_cast<std::uint16_t>(length)};
        }
    }

    unsigned width_;  // bits of the longest code
    std::vector<Entry> table_;
};

}  // namespace digits
