// Files that are not as they should be. Whatever is wrong, the reader says so: it neither crashes
// nor hangs nor returns something else.
#include <functional>
#include <stdexcept>
#include <string_view>

#include "check.h"
#include "formats/gzip.h"
#include "gzip_samples.h"
#include "gzip_writer.h"
#include "util/random.h"

namespace digits {
namespace {

using testing::Bits;
using testing::Bytes;
using testing::check;
using testing::check_equal;
using testing::check_throws;
using testing::from_hexadecimal;
using testing::from_text;
using testing::gzip_file;
using testing::joined;
using testing::last_block;
using testing::stored_gzip_file;

// DEFLATE data that breaks off, with zeros behind it so that the end of the file is not the reason.
void check_damaged(const Bits& bits, std::string_view message,
                   testing::Location location = testing::Location::current()) {
    const Bytes file = joined(joined(testing::plain_header, bits.bytes()), Bytes(64));
    check_throws([&] { gunzip(file, "file.gz"); }, message, location);
}

// A block's own code up to where its lengths begin, with lengths of lengths for all 19 symbols.
Bits described(unsigned literals, unsigned distances, const std::function<unsigned(int)>& length) {
    Bits bits = last_block(2);
    bits.number(literals - 257, 5).number(distances - 1, 5).number(19 - 4, 4);
    for (const int symbol : {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}) {
        bits.number(length(symbol), 3);
    }
    return bits;
}

// Like before, for a code with 0 for the symbol 1 (a length of 1) and 1 for 18 (many zeros).
Bits described_in_two_symbols(unsigned literals, unsigned distances) {
    return described(literals, distances, [](int symbol) { return symbol == 1 || symbol == 18; });
}

enum class Outcome { right, refused, wrong };

Outcome outcome_of(const Bytes& file) {
    try {
        return gunzip(file, "file.gz") == testing::sample_content() ? Outcome::right
                                                                    : Outcome::wrong;
    } catch (const std::runtime_error&) {
        return Outcome::refused;
    }
}

TEST(the_message_says_which_file_where_what_and_what_to_do) {
    const Bytes file = gzip_file(from_hexadecimal("01 0200 fdff 6869"), from_text("ho"));
    check_throws([&] { gunzip(file, "some/file.gz"); },
                 "some/file.gz: this gzip file is damaged: the check sum is wrong, near byte 21 of "
                 "25; fetch it again");
}

TEST(a_file_that_is_not_gzip_is_refused) {
    check_throws([] { gunzip(from_text("<html>"), "file.gz"); }, "file.gz: is not a gzip file");
    check_throws([] { gunzip({}, "file.gz"); }, "is not a gzip file");
}

TEST(a_file_cut_short_anywhere_is_refused) {
    for (const auto& sample : testing::gzip_samples()) {
        const Bytes file = from_hexadecimal(sample.hexadecimal);
        for (std::size_t size = 0; size < file.size(); ++size) {
            const Bytes cut(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
            check(outcome_of(cut) == Outcome::refused);
        }
        check(outcome_of(file) == Outcome::right);
    }
}

TEST(a_file_with_one_wrong_bit_is_refused_or_still_right) {
    for (const auto& sample : testing::gzip_samples()) {
        Bytes file = from_hexadecimal(sample.hexadecimal);
        int still_right = 0;
        for (std::size_t bit = 0; bit < file.size() * 8; ++bit) {
            const auto flip = static_cast<std::uint8_t>(1 << bit % 8);
            file[bit / 8] ^= flip;
            const Outcome outcome = outcome_of(file);
            check(outcome != Outcome::wrong);
            still_right += outcome == Outcome::right;
            file[bit / 8] ^= flip;
        }
        // What means nothing: the flag "text", the time, the effort and the system are 1 + 48 bits.
        // At the end of the data, up to 7 bits fill the last byte; so do those before a stored
        // block, of which there are at most two. The bit that makes a block the last is never one.
        check(still_right >= 49 && still_right <= 49 + 3 * 7);
    }
}

TEST(a_file_with_random_damage_never_gets_through) {
    // Several bytes at once go deeper than a single bit: into codes that happen to be valid, and
    // matches that reach too far. The seed is fixed, so that a failure can be looked at.
    Random random(1);
    for (int round = 0; round < 300; ++round) {
        for (const auto& sample : testing::gzip_samples()) {
            Bytes file = from_hexadecimal(sample.hexadecimal);
            for (std::size_t change = 1 + random.below(8); change > 0; --change) {
                const std::size_t place = 10 + random.below(file.size() - 10);
                file[place] = static_cast<std::uint8_t>(random.below(256));
            }
            check(outcome_of(file) != Outcome::wrong);
        }
    }
}

TEST(what_comes_after_the_end_must_be_gzip_too) {
    const Bytes file = stored_gzip_file(from_text("hi"));
    for (const auto& rest : {Bytes{0}, Bytes{0x1f}, from_text("more")}) {
        check_throws([&] { gunzip(joined(file, rest), "file.gz"); }, "something that is not gzip");
    }
}

TEST(a_wrong_header_is_refused) {
    Bytes file = stored_gzip_file(from_text("hi"));
    file[2] = 7;
    check_throws([&] { gunzip(file, "file.gz"); }, "its method is 7");
    file[2] = 8;
    file[3] = 0x20;
    check_throws([&] { gunzip(file, "file.gz"); }, "unknown flags");
}

TEST(a_wrong_length_at_the_end_is_refused_and_asks_for_no_memory) {
    Bytes file = stored_gzip_file(from_text("hi"));
    for (std::size_t i = 1; i <= 4; ++i) file[file.size() - i] = 0xff;  // 4 GB
    check_throws([&] { gunzip(file, "file.gz"); }, "the length is wrong");
}

TEST(a_block_of_the_fourth_kind_is_refused) {
    check_damaged(last_block(3), "a block of unknown kind");
}

TEST(a_stored_block_whose_sizes_disagree_is_refused) {
    check_damaged(Bits().whole_bytes(from_hexadecimal("01 0200 fcff 6869")), "stored block");
}

TEST(symbols_that_mean_nothing_are_refused) {
    // 286 and 287 have codes, 11000110 and 11000111, only to make the fixed code complete; so have
    // the distances 30 and 31.
    check_damaged(last_block(1).code("11000110"), "a match of unknown length");
    check_damaged(last_block(1).code("10010001").code("0000001").code("11110"),
                  "a match of unknown distance");
}

TEST(a_match_that_begins_before_the_data_is_refused) {
    // A literal, then a match at distance 2: symbol 1, 00001.
    check_damaged(last_block(1).code("10010001").code("0000001").code("00001"),
                  "a match begins before the data");
    // Nor may the second member copy from the first.
    const Bytes first = stored_gzip_file(from_text("hi"));
    Bits second = last_block(1).code("0000001").code("00000").code("0000000");
    const Bytes file = joined(first, gzip_file(second.bytes(), from_text("iii")));
    check_throws([&] { gunzip(file, "file.gz"); }, "a match begins before the data");
}

TEST(codes_that_do_not_add_up_are_refused) {
    // Three codes of one bit; two codes of two bits, where there could be four.
    check_damaged(described(257, 1, [](int symbol) { return symbol <= 2 ? 1 : 0; }),
                  "too many short codes");
    check_damaged(described(257, 1, [](int symbol) { return symbol <= 1 ? 2 : 0; }), "has gaps");
    // A single code, 0, is all right; but then 1 is no code.
    check_damaged(described(257, 1, [](int symbol) { return symbol == 1 ? 1 : 0; }).code("1"),
                  "bits that are no Huffman code");
}

TEST(a_match_in_a_block_without_distances_is_refused) {
    // 'a' unused, the end has no code, symbol 257 has 1 bit and 256 has 1 bit; the distance has 0.
    Bits bits = described(258, 1, [](int symbol) {
        return symbol == 18 ? 1 : symbol <= 1 ? 2 : 0;
    });
    bits.code("0").number(138 - 11, 7).code("0").number(118 - 11, 7);  // 256 zeros
    bits.code("11").code("11").code("10");
    bits.code("1").code("0");
    check_damaged(bits, "bits that are no Huffman code");
}

TEST(lists_of_code_lengths_that_do_not_fit_are_refused) {
    check_damaged(last_block(2).number(287 - 257, 5).number(0, 9), "too many symbols");
    check_damaged(last_block(2).number(0, 5).number(31 - 1, 5).number(0, 4), "too many symbols");
    // 16 repeats the length before, of which there is none; 18 gives up to 138 zeros at a time, so
    // that two of them are 276, but 257 + 1 were to come.
    check_damaged(described(257, 1, [](int symbol) { return symbol == 16; }).number(0, 3),
                  "repeats the one before");
    check_damaged(
        described_in_two_symbols(257, 1).code("1").number(127, 7).code("1").number(127, 7),
        "more code lengths than there are symbols");
}

}  // namespace
}  // namespace digits
