// Valid gzip files. For invalid ones see gzip_damage_test.cpp.
#include "formats/gzip.h"

#include <array>

#include "check.h"
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
using testing::stored_gzip_file;

// RFC 1951, 3.2.5, as printed there: the lengths of symbols 257 ... 285 and the distances.
constexpr std::array<unsigned, 29> first_lengths = {3,  4,  5,  6,   7,   8,   9,   10,  11, 13,
                                                    15, 17, 19, 23,  27,  31,  35,  43,  51, 59,
                                                    67, 83, 99, 115, 131, 163, 195, 227, 258};
constexpr std::array<unsigned, 29> length_bits = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                                  2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
constexpr std::array<unsigned, 30> first_distances = {
    1,   2,   3,   4,   5,   7,    9,    13,   17,   25,   33,   49,   65,    97,    129,
    193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
constexpr std::array<unsigned, 30> distance_bits = {0, 0, 0,  0,  1,  1,  2,  2,  3,  3,
                                                    4, 4, 5,  5,  6,  6,  7,  7,  8,  8,
                                                    9, 9, 10, 10, 11, 11, 12, 12, 13, 13};

template <std::size_t N>
unsigned last_not_above(const std::array<unsigned, N>& firsts, unsigned value) {
    unsigned index = 0;
    while (index + 1 < N && firsts[index + 1] <= value) ++index;
    return index;
}

// In the fixed code (RFC 1951, 3.2.6): symbols 256 ... 279 have 7 bits from 0000000 upwards, those
// from 280 have 8 from 11000000 upwards; distances have 5.
void write_match(Bits& bits, unsigned length, unsigned distance) {
    const unsigned l = last_not_above(first_lengths, length);
    const unsigned symbol = 257 + l;
    symbol < 280 ? bits.code(symbol - 256, 7) : bits.code(0xc0 + symbol - 280, 8);
    bits.number(length - first_lengths[l], length_bits[l]);
    const unsigned d = last_not_above(first_distances, distance);
    bits.code(d, 5).number(distance - first_distances[d], distance_bits[d]);
}

TEST(crc32_gives_the_published_values) {
    check_equal(crc32(from_text("123456789")), 0xcbf43926u);  // the check value in CRC catalogues
    check_equal(crc32(from_text("hi")), 0xd8932aacu);         // from Python's zlib.crc32
    check_equal(crc32({}), 0u);
}

TEST(a_stored_block_is_copied) {
    // 01: the last block, type 0. 0002: two bytes. fffd: the complement. 68 69: "hi".
    const Bytes deflated = from_hexadecimal("01 0200 fdff 6869");
    check(gunzip(gzip_file(deflated, from_text("hi")), "file") == from_text("hi"));
}

TEST(an_empty_file_is_empty) {
    check(gunzip(gzip_file(from_hexadecimal("01 0000 ffff"), {}), "file").empty());
}

TEST(the_fixed_code_is_read) {
    // Literal 97, 'a', has the code 0x30 + 97 = 10010001. Length 3 is symbol 257, 0000001; distance
    // 1 is symbol 0, 00000: three more 'a'. Literal 255 has the last code of nine bits. The end is
    // symbol 256, 0000000.
    Bits bits = testing::last_block(1);
    bits.code("10010001").code("0000001").code("00000").code("111111111").code("0000000");
    check(gunzip(gzip_file(bits.bytes(), from_text("aaaa\xff")), "file") == from_text("aaaa\xff"));
}

TEST(a_dynamic_code_is_read) {
    // 257 literals, 1 distance, 18 code length codes: for the symbols 16, 17, 18, 0, ... 1.
    Bits bits = testing::last_block(2);
    bits.number(257 - 257, 5).number(1 - 1, 5).number(18 - 4, 4);
    // Symbol 18, a long run of zeros, gets one bit, 1 two, 0 two: so their codes are 0, 11 and 10.
    for (const int symbol : {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1}) {
        bits.number(symbol == 18 ? 1 : symbol <= 1 ? 2 : 0, 3);
    }
    // 97 zeros, then 'a' has one bit; 138 + 20 zeros, then the end, 256, has one bit; and the only
    // distance has one bit. So the codes of 'a' and the end are 0 and 1.
    bits.code("0").number(97 - 11, 7).code("11");
    bits.code("0").number(138 - 11, 7).code("0").number(20 - 11, 7).code("11").code("11");
    bits.code("0").code("0").code("0").code("1");
    check(gunzip(gzip_file(bits.bytes(), from_text("aaa")), "file") == from_text("aaa"));
}

TEST(repeated_code_lengths_are_read) {
    // 257 literals, 1 distance, 14 code length codes: 2 bits for 16, 17 and 18, 3 for 0 and 3. So
    // 16 is 00, 17 is 01, 18 is 10, 0 is 110 and 3 is 111.
    Bits bits = testing::last_block(2);
    bits.number(257 - 257, 5).number(1 - 1, 5).number(14 - 4, 4);
    for (const int symbol : {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3}) {
        bits.number(symbol >= 16 ? 2 : symbol == 0 || symbol == 3 ? 3 : 0, 3);
    }
    // 97 zeros; 3 bits for 'a' and, repeated, for the six after it; 138 + 11 + 3 zeros; 3 bits for
    // the end; and no distance. So 'a' is 000, 'g' is 110 and the end is 111.
    bits.code("10").number(97 - 11, 7).code("111").code("00").number(6 - 3, 2);
    bits.code("10").number(138 - 11, 7).code("10").number(11 - 11, 7).code("01").number(3 - 3, 3);
    bits.code("111").code("110");
    bits.code("000").code("110").code("111");
    check(gunzip(gzip_file(bits.bytes(), from_text("ag")), "file") == from_text("ag"));
}

TEST(every_kind_of_zlib_output_is_read) {
    for (const auto& sample : testing::gzip_samples()) {
        const Bytes unpacked = gunzip(from_hexadecimal(sample.hexadecimal), sample.made_with);
        check_equal(unpacked == testing::sample_content() ? "right" : sample.made_with, "right");
    }
}

TEST(every_length_and_every_distance_is_read) {
    Bytes content(32768);
    Random random(1);
    for (auto& byte : content) byte = static_cast<std::uint8_t>(random.below(256));

    Bits bits;
    bits.whole_bytes(from_hexadecimal("000080ff7f")).whole_bytes(content);  // stored
    bits.number(1, 1).number(1, 2);
    const auto match = [&](unsigned length, unsigned distance) {
        write_match(bits, length, distance);
        for (unsigned i = 0; i < length; ++i) content.push_back(content[content.size() - distance]);
    };
    for (unsigned length = 3; length <= 258; ++length) match(length, 1000);
    for (unsigned distance = 1; distance <= 32768; ++distance) match(3, distance);
    bits.code("0000000");
    check(gunzip(gzip_file(bits.bytes(), content), "file") == content);
}

TEST(the_contents_of_several_members_are_concatenated) {
    const Bytes member = stored_gzip_file(from_text("hi"));
    check(gunzip(joined(member, member), "file") == from_text("hihi"));
}

TEST(zeros_after_and_between_members_are_skipped) {
    const Bytes member = stored_gzip_file(from_text("hi"));
    const Bytes padded = joined(member, Bytes(500));
    check(gunzip(padded, "file") == from_text("hi"));
    check(gunzip(joined(padded, padded), "file") == from_text("hihi"));
}

TEST(other_data_after_the_last_member_is_ignored) {
    const Bytes member = stored_gzip_file(from_text("hi"));
    for (const Bytes& rest : {Bytes{0x1f}, from_text("more"), joined(Bytes(3), from_text("\n"))}) {
        check(gunzip(joined(member, rest), "file") == from_text("hi"));
    }
}

TEST(a_header_may_have_every_optional_field) {
    // Flags 1e: a checksum, extra bytes (0003: three), a name and a comment, both zero-terminated.
    Bytes header = from_hexadecimal("1f8b081e000000000003 0300 010203");
    header = joined(header, from_text(std::string_view("name\0comment\0", 13)));
    header = Bits().whole_bytes(header).number(crc32(header) & 0xffff, 16).bytes();

    const Bytes stored = from_hexadecimal("01 0200 fdff 6869");
    check(gunzip(gzip_file(stored, from_text("hi"), header), "file") == from_text("hi"));
    header.back() ^= 1;
    check_throws([&] { gunzip(gzip_file(stored, from_text("hi"), header), "file"); },
                 "the header checksum is wrong");
}

TEST(output_beyond_the_limit_of_the_caller_is_rejected) {
    const Bytes file = stored_gzip_file(from_text("hi"));
    check_equal(gunzip(file, "file", 2).size(), 2u);
    check_throws([&] { gunzip(file, "file", 1); }, "file: unpacks to more than the 1 bytes");
    check_throws([&] { gunzip(joined(file, file), "file", 3); }, "more than the 3 bytes");
    for (const auto& sample : testing::gzip_samples()) {
        const Bytes larger = from_hexadecimal(sample.hexadecimal);
        check_equal(gunzip(larger, "file", 300).size(), 300u);
        check_throws([&] { gunzip(larger, "file", 299); }, "more than the 299 bytes");
    }
}

}  // namespace
}  // namespace digits
