// Decodes symbols that are written in few bits if they are frequent and in many if they are rare.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "formats/bit_reader.h"

namespace digits {

// Codes of which none is the beginning of another, so that the bits themselves tell where a code
// ends. Decoding is one look into a table, by as many bits as the longest code has: a shorter code
// stands there once for each way in which the bits behind it may go on.
class HuffmanCode {
public:
    // lengths[symbol] is the number of bits of its code, 0 if it has none. That says it all, for
    // the codes are handed out in order, shorter ones first, and among equal lengths by symbol.
    // The lengths 2, 1, 3, 3 give the codes 10, 0, 110, 111.
    HuffmanCode(std::span<const std::uint8_t> lengths, const BitReader& reader)
        : width_(std::max<unsigned>(1, *std::max_element(lengths.begin(), lengths.end()))),
          table_(std::size_t{1} << width_) {
        std::size_t filled = 0;  // places in the table
        for (const std::uint8_t length : lengths) {
            if (length > 0) filled += std::size_t{1} << (width_ - length);
        }
        if (filled > table_.size()) reader.damaged("a Huffman code has too many short codes");
        // A lone symbol needs a bit too, 0, and then 1 means nothing. Any other gap is an error.
        if (filled < table_.size() && width_ > 1) reader.damaged("a Huffman code has gaps");

        unsigned code = 0;
        for (unsigned length = 1; length <= width_; ++length, code *= 2) {
            for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol) {
                if (lengths[symbol] == length) enter(symbol, code++, length);
            }
        }
    }

    unsigned decode(BitReader& reader) const {
        const Entry entry = table_[reader.peek(width_)];
        if (entry.length == 0) reader.damaged("bits that are no Huffman code");
        reader.skip(entry.length);
        return entry.symbol;
    }

private:
    struct Entry {
        std::uint16_t symbol = 0;
        std::uint16_t length = 0;
    };

    void enter(std::size_t symbol, unsigned code, unsigned length) {
        // Unlike a number, a code comes with its highest bit first.
        std::size_t reversed = 0;
        for (unsigned bit = 0; bit < length; ++bit) reversed = reversed * 2 + (code >> bit & 1);
        for (std::size_t place = reversed; place < table_.size();
             place += std::size_t{1} << length) {
            table_[place] = {static_cast<std::uint16_t>(symbol),
                             static_cast<std::uint16_t>(length)};
        }
    }

    unsigned width_;  // of the longest code
    std::vector<Entry> table_;
};

}  // namespace digits
