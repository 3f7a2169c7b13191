// Invalid gzip files. Whatever is wrong, the reader reports an error: it does not crash, hang or
// return wrong data.
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

// Truncated DEFLATE data, followed by zeros so that the error is not the end of the file.
void check_damaged(const Bits& bits, std::string_view message,
                   testing::Location location = testing::Location::current()) {
    const Bytes file = joined(joined(testing::plain_header, bits.bytes()), Bytes(64));
    check_throws([&] { gunzip(file, "file.gz"); }, message, location);
}

// A dynamic block up to its code lengths, with code length codes for all 19 symbols.
Bits dynamic_block(unsigned literals, unsigned distances,
                   const std::function<unsigned(int)>& length) {
    Bits bits = last_block(2);
    bits.number(literals - 257, 5).number(distances - 1, 5).number(19 - 4, 4);
    for (const int symbol : {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}) {
        bits.number(length(symbol), 3);
    }
    return bits;
}

// The same, with the code 0 for symbol 1 (a length of 1) and 1 for symbol 18 (a run of zeros).
Bits two_symbol_dynamic_block(unsigned literals, unsigned distances) {
    return dynamic_block(literals, distances,
                         [](int symbol) { return symbol == 1 || symbol == 18; });
}

enum class Outcome { correct, rejected, wrong };

Outcome outcome_of(const Bytes& file) {
    try {
        return gunzip(file, "file.gz") == testing::sample_content() ? Outcome::correct
                                                                    : Outcome::wrong;
    } catch (const std::runtime_error&) {
        return Outcome::rejected;
    }
}

TEST(the_message_names_the_file_the_problem_its_position_and_the_next_step) {
    const Bytes file = gzip_file(from_hexadecimal("01 0200 fdff 6869"), from_text("ho"));
    check_throws([&] { gunzip(file, "some/file.gz"); },
                 "some/file.gz: this gzip file is damaged: the checksum is wrong, near byte 21 of "
                 "25; fetch it again");
}

TEST(a_file_that_is_not_gzip_is_rejected) {
    check_throws([] { gunzip(from_text("<html>"), "file.gz"); }, "file.gz: is not a gzip file");
    check_throws([] { gunzip({}, "file.gz"); }, "is not a gzip file");
}

TEST(a_file_truncated_anywhere_is_rejected) {
    for (const auto& sample : testing::gzip_samples()) {
        const Bytes file = from_hexadecimal(sample.hexadecimal);
        for (std::size_t size = 0; size < file.size(); ++size) {
            const Bytes cut(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
            check(outcome_of(cut) == Outcome::rejected);
        }
        check(outcome_of(file) == Outcome::correct);
    }
}

TEST(a_file_with_one_flipped_bit_is_rejected_or_still_correct) {
    for (const auto& sample : testing::gzip_samples()) {
        Bytes file = from_hexadecimal(sample.hexadecimal);
        int still_correct = 0;
        for (std::size_t bit = 0; bit < file.size() * 8; ++bit) {
            const auto flip = static_cast<std::uint8_t>(1 << bit % 8);
            file[bit / 8] ^= flip;
            const Outcome outcome = outcome_of(file);
            check(outcome != Outcome::wrong);
            still_correct += outcome == Outcome::correct;
            file[bit / 8] ^= flip;
        }
        // Bits without effect: the flag "text", the time, the level hint and the system are 1 + 48
        // bits. Up to 7 bits pad the last byte of the data, and as many the byte before a stored
        // block, of which there are at most two. The flag of the last block is never one of them.
        check(still_correct >= 49 && still_correct <= 49 + 3 * 7);
    }
}

TEST(a_file_with_random_damage_never_gives_wrong_data) {
    // Changing several bytes reaches deeper than a single bit: codes that happen to be valid, and
    // matches that reach too far. The seed is fixed, so that a failure can be reproduced.
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

TEST(a_damaged_member_after_the_first_is_rejected) {
    Bytes second = stored_gzip_file(from_text("hi"));
    second[16] ^= 1;
    const Bytes first = stored_gzip_file(from_text("hi"));
    check_throws([&] { gunzip(joined(first, second), "file.gz"); }, "the checksum is wrong");
    check_throws(
        [&] {
            gunzip(joined(first, {0x1f, 0x8b, 8}), "file.gz");
        },
        "unexpected end of file");
}

TEST(an_invalid_header_is_rejected) {
    Bytes file = stored_gzip_file(from_text("hi"));
    file[2] = 7;
    check_throws([&] { gunzip(file, "file.gz"); }, "compression method: expected 8, found 7");
    file[2] = 8;
    file[3] = 0x20;
    check_throws([&] { gunzip(file, "file.gz"); }, "unknown header flags");
}

TEST(a_wrong_length_at_the_end_is_rejected_without_allocating_it) {
    Bytes file = stored_gzip_file(from_text("hi"));
    for (std::size_t i = 1; i <= 4; ++i) file[file.size() - i] = 0xff;  // 4 GB
    check_throws([&] { gunzip(file, "file.gz"); }, "the length is wrong");
}

TEST(a_block_of_type_3_is_rejected) {
    check_damaged(last_block(3), "unknown block type");
}

TEST(a_stored_block_whose_sizes_disagree_is_rejected) {
    check_damaged(Bits().whole_bytes(from_hexadecimal("01 0200 fcff 6869")),
                  "the two sizes of a stored block disagree");
}

TEST(unused_symbols_are_rejected) {
    // 286 and 287 have codes, 11000110 and 11000111, only to make the fixed code complete; the same
    // holds for the distances 30 and 31.
    check_damaged(last_block(1).code("11000110"), "invalid match length");
    check_damaged(last_block(1).code("10010001").code("0000001").code("11110"),
                  "invalid match distance");
}

TEST(a_match_that_starts_before_the_data_is_rejected) {
    // A literal, then a match at distance 2: symbol 1, 00001.
    check_damaged(last_block(1).code("10010001").code("0000001").code("00001"),
                  "a match starts before the data");
    // A match in the second member must not copy from the first, either.
    const Bytes first = stored_gzip_file(from_text("hi"));
    Bits second = last_block(1).code("0000001").code("00000").code("0000000");
    const Bytes file = joined(first, gzip_file(second.bytes(), from_text("iii")));
    check_throws([&] { gunzip(file, "file.gz"); }, "a match starts before the data");
}

TEST(oversubscribed_and_incomplete_codes_are_rejected) {
    // Three codes of one bit; two codes of two bits, where there could be four.
    check_damaged(dynamic_block(257, 1, [](int symbol) { return symbol <= 2 ? 1 : 0; }),
                  "is oversubscribed");
    check_damaged(dynamic_block(257, 1, [](int symbol) { return symbol <= 1 ? 2 : 0; }),
                  "is incomplete");
    // A single code, 0, is allowed; but then 1 is not a code.
    check_damaged(dynamic_block(257, 1, [](int symbol) { return symbol == 1 ? 1 : 0; }).code("1"),
                  "bits that are not a Huffman code");
}

TEST(a_match_in_a_block_without_distances_is_rejected) {
    // 'a' unused, the end has no code, symbol 257 has 1 bit and 256 has 1 bit; the distance has 0.
    Bits bits = dynamic_block(258, 1, [](int symbol) {
        return symbol == 18 ? 1 : symbol <= 1 ? 2 : 0;
    });
    bits.code("0").number(138 - 11, 7).code("0").number(118 - 11, 7);  // 256 zeros
    bits.code("11").code("11").code("10");
    bits.code("1").code("0");
    check_damaged(bits, "bits that are not a Huffman code");
}

TEST(code_length_lists_of_the_wrong_size_are_rejected) {
    check_damaged(last_block(2).number(287 - 257, 5).number(0, 9), "too many symbols");
    check_damaged(last_block(2).number(0, 5).number(31 - 1, 5).number(0, 4), "too many symbols");
    // 16 repeats the previous length, but there is none; 18 gives up to 138 zeros at a time, so two
    // of them are 276, but only 257 + 1 are expected.
    check_damaged(dynamic_block(257, 1, [](int symbol) { return symbol == 16; }).number(0, 3),
                  "repeats a previous one");
    check_damaged(
        two_symbol_dynamic_block(257, 1).code("1").number(127, 7).code("1").number(127, 7),
        "more code lengths than symbols");
}

}  // namespace
}  // namespace digits
