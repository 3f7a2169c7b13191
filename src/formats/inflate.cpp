// DEFLATE compresses in two ways:
//
// 1. Repetitions are not stored again. The data is a sequence of literal bytes and of matches: "go
//    back `distance` bytes and copy `length` bytes" (LZ77: Ziv and Lempel, 1977).
// 2. Frequent symbols have short codes. Literals, lengths and distances are symbols, and the code
// of
//    a symbol has 1 to 15 bits, the fewer the more often it occurs (Huffman, 1952).
//
// The data is divided into blocks: a block is stored without compression, or uses the fixed code of
// the standard, or begins with a description of its own (dynamic) code.
#include "formats/inflate.h"

#include <algorithm>
#include <array>
#include <span>

#include "formats/huffman.h"

namespace digits {
namespace {

// A symbol for a length or a distance stands for a range of values; extra bits after the symbol
// select one.
struct Range {
    unsigned first;
    unsigned extra_bits;
};

// Consecutive ranges: the first 2 * `group` hold one number each, and after that the size doubles
// every `group` ranges.
template <std::size_t N>
constexpr std::array<Range, N> consecutive_ranges(unsigned first, unsigned group) {
    std::array<Range, N> ranges{};
    for (unsigned i = 0; i < N; ++i) {
        ranges[i] = {first, i < 2 * group ? 0 : i / group - 1};
        first += 1u << ranges[i].extra_bits;
    }
    return ranges;
}

// Symbols 257 ... 284 are the lengths 3 ... 257; symbol 285 is the longest, 258, alone.
constexpr auto length_ranges = consecutive_ranges<28>(3, 4);
constexpr unsigned max_match_length = 258;
static_assert(length_ranges[27].first == 227 && length_ranges[27].extra_bits == 5);

// Symbols 0 ... 29 are the distances 1 ... 32768.
constexpr auto distance_ranges = consecutive_ranges<30>(1, 2);
static_assert(distance_ranges[29].first == 24577 && distance_ranges[29].extra_bits == 13);

constexpr unsigned end_of_block = 256;  // symbols below are the literal bytes
constexpr unsigned max_literals = 286;
constexpr unsigned max_distances = distance_ranges.size();

unsigned number_in(const Range& range, BitReader& reader) {
    return range.first + reader.take(range.extra_bits);
}

unsigned match_length(unsigned symbol, BitReader& reader) {
    const unsigned index = symbol - end_of_block - 1;
    if (index < length_ranges.size()) return number_in(length_ranges[index], reader);
    if (index > length_ranges.size()) reader.damaged("invalid match length");
    return max_match_length;
}

unsigned match_distance(unsigned symbol, BitReader& reader) {
    if (symbol >= distance_ranges.size()) reader.damaged("invalid match distance");
    return number_in(distance_ranges[symbol], reader);
}

// The decompressed bytes so far, up to a limit. What does not fit is cut off, and the functions
// return false.
class Output {
public:
    Output(std::vector<std::uint8_t>& bytes, std::size_t limit, const BitReader& reader)
        : bytes_(bytes), begin_(bytes.size()), limit_(limit), reader_(reader) {}

    bool append(std::uint8_t byte) {
        if (bytes_.size() >= limit_) return false;
        bytes_.push_back(byte);
        return true;
    }

    bool append(std::span<const std::uint8_t> bytes) {
        const std::size_t count = std::min(bytes.size(), room());
        bytes_.insert(bytes_.end(), bytes.begin(),
                      bytes.begin() + static_cast<std::ptrdiff_t>(count));
        return count == bytes.size();
    }

    // Byte by byte, because a match may overlap what it writes: distance 1 repeats the last byte.
    bool repeat(std::size_t distance, std::size_t length) {
        const std::size_t size = bytes_.size();
        if (distance > size - begin_) reader_.damaged("a match starts before the data");
        const std::size_t count = std::min(length, room());
        bytes_.resize(size + count);
        const std::uint8_t* from = bytes_.data() + size - distance;
        std::uint8_t* to = bytes_.data() + size;
        for (std::size_t i = 0; i < count; ++i) to[i] = from[i];
        return count == length;
    }

private:
    std::size_t room() const { return bytes_.size() < limit_ ? limit_ - bytes_.size() : 0; }

    std::vector<std::uint8_t>& bytes_;
    std::size_t begin_;  // where the output of this data begins; no match may reach before it
    std::size_t limit_;
    const BitReader& reader_;
};

// The functions that unpack a block return false if the output is full before the block ends.

bool unpack_stored_block(BitReader& reader, Output& output) {
    reader.align();
    const std::uint32_t size = reader.take(16);
    const std::uint32_t complement = reader.take(16);
    if ((size ^ complement) != 0xffff) reader.damaged("the two sizes of a stored block disagree");
    return output.append(reader.take_bytes(size));
}

bool unpack_coded_block(const HuffmanCode& literals, const HuffmanCode& distances,
                        BitReader& reader, Output& output) {
    for (;;) {
        const unsigned symbol = literals.decode(reader);
        if (symbol < end_of_block) {
            if (!output.append(static_cast<std::uint8_t>(symbol))) return false;
        } else if (symbol == end_of_block) {
            return true;
        } else {
            const unsigned length = match_length(symbol, reader);
            const unsigned distance = match_distance(distances.decode(reader), reader);
            if (!output.repeat(distance, length)) return false;
        }
    }
}

bool unpack_fixed_block(BitReader& reader, Output& output) {
    // Two literals and two distances more than are used, to make the codes complete.
    std::array<std::uint8_t, 288> literals{};
    std::fill(literals.begin(), literals.begin() + 144, 8);
    std::fill(literals.begin() + 144, literals.begin() + 256, 9);
    std::fill(literals.begin() + 256, literals.begin() + 280, 7);
    std::fill(literals.begin() + 280, literals.end(), 8);
    std::array<std::uint8_t, 32> distances{};
    distances.fill(5);
    return unpack_coded_block({literals, reader}, {distances, reader}, reader, output);
}

// The code lengths of a block are themselves Huffman-coded: 0 ... 15 are lengths, 16 repeats the
// previous length, 17 and 18 stand for short and long runs of zeros.
std::vector<std::uint8_t> read_lengths(const HuffmanCode& code, std::size_t count,
                                       BitReader& reader) {
    std::vector<std::uint8_t> lengths;
    while (lengths.size() < count) {
        const unsigned symbol = code.decode(reader);
        if (symbol < 16) {
            lengths.push_back(static_cast<std::uint8_t>(symbol));
        } else if (symbol == 16) {
            if (lengths.empty()) reader.damaged("the first code length repeats a previous one");
            lengths.insert(lengths.end(), 3 + reader.take(2), lengths.back());
        } else if (symbol == 17) {
            lengths.insert(lengths.end(), 3 + reader.take(3), 0);
        } else {
            lengths.insert(lengths.end(), 11 + reader.take(7), 0);
        }
    }
    if (lengths.size() > count) reader.damaged("more code lengths than symbols");
    return lengths;
}

bool unpack_dynamic_block(BitReader& reader, Output& output) {
    const unsigned literals = 257 + reader.take(5);
    const unsigned distances = 1 + reader.take(5);
    const unsigned described = 4 + reader.take(4);
    if (literals > max_literals || distances > max_distances) {
        reader.damaged("too many symbols in a block");
    }
    // The lengths of the codes of the code lengths, the most frequent ones first.
    constexpr std::array<std::uint8_t, 19> order = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                    11, 4,  12, 3, 13, 2, 14, 1, 15};
    std::array<std::uint8_t, order.size()> code_length_lengths{};
    for (unsigned i = 0; i < described; ++i) {
        code_length_lengths[order[i]] = static_cast<std::uint8_t>(reader.take(3));
    }
    const std::vector<std::uint8_t> lengths =
        read_lengths({code_length_lengths, reader}, literals + distances, reader);
    const std::span all(lengths);
    return unpack_coded_block({all.first(literals), reader}, {all.subspan(literals), reader},
                              reader, output);
}

}  // namespace

bool inflate(BitReader& reader, std::vector<std::uint8_t>& bytes, std::size_t limit) {
    Output output(bytes, limit, reader);
    bool is_last = false, is_full = false;
    while (!is_last && !is_full) {
        is_last = reader.take(1) == 1;
        switch (reader.take(2)) {
            case 0:
                is_full = !unpack_stored_block(reader, output);
                break;
            case 1:
                is_full = !unpack_fixed_block(reader, output);
                break;
            case 2:
                is_full = !unpack_dynamic_block(reader, output);
                break;
            default:
                reader.damaged("unknown block type");
        }
    }
    return !is_full;
}

}  // namespace digits
