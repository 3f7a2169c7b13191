#include "formats/safetensors.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <limits>
#include <string>
#include <vector>

#include "check.h"
#include "formats/json.h"
#include "temporary_folder.h"

namespace digits {
namespace {

using testing::check;
using testing::check_equal;
using testing::check_throws;
using testing::read_text;
using testing::TemporaryFolder;

// A file with this header and this many bytes of values.
std::vector<std::uint8_t> file_with(const std::string& header, std::size_t values) {
    std::vector<std::uint8_t> bytes(8 + header.size() + values, 7);
    for (std::size_t i = 0; i < 8; ++i) {
        bytes[i] = static_cast<std::uint8_t>(std::uint64_t{header.size()} >> 8 * i & 0xff);
    }
    std::copy(header.begin(), header.end(), bytes.begin() + 8);
    return bytes;
}

std::string tensor(const std::string& name, const std::string& shape, const std::string& offsets,
                   const std::string& type = "F32") {
    return "\"" + name + "\": {\"dtype\": \"" + type + "\", \"shape\": " + shape +
           ", \"data_offsets\": " + offsets + "}";
}

void check_rejected(const std::string& header, std::size_t values, const std::string& why) {
    check_throws([&] { parse_safetensors(file_with(header, values), "some/file"); }, why);
}

template <class Value>
Tensor tensor_of(const std::string& name, const std::vector<Value>& values) {
    return make_tensor(name, {values.size()}, std::span<const Value>(values));
}

TEST(a_file_has_the_same_bytes_on_every_machine) {
    const TemporaryFolder folder;
    TensorFile file;
    file.metadata = {{"b", "two"}, {"a", "\"1\""}};
    file.tensors.push_back(
        make_tensor("w", {1, 2}, std::span<const float>(std::vector<float>{1.0f, -2.5f})));
    file.tensors.push_back(tensor_of<std::uint64_t>("n", {0x0102030405060708}));
    write_safetensors(folder / "a.safetensors", file);
    const std::string header =
        R"({"__metadata__": {"a": "\"1\"", "b": "two"}, )"
        R"("n": {"dtype": "U64", "shape": [1], "data_offsets": [0, 8]}, )"
        R"("w": {"dtype": "F32", "shape": [1, 2], "data_offsets": [8, 16]}})";
    const std::string values("\x08\x07\x06\x05\x04\x03\x02\x01\x00\x00\x80\x3f\x00\x00\x20\xc0",
                             16);
    check_equal(header.size(), 170u);  // padded with six spaces to a multiple of 8
    check_equal(read_text(folder / "a.safetensors"),
                std::string("\xb0\0\0\0\0\0\0\0", 8) + header + "      " + values);
}

TEST(written_tensors_read_back_the_same) {
    const TemporaryFolder folder;
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const std::vector<float> floats{0.1f, -0.0f, 1e-45f, 3.4028235e38f};
    const std::vector<double> doubles{0.1, -infinity, 5e-324};
    const std::vector<std::uint64_t> wholes{0, 18446744073709551615u};
    TensorFile file;
    file.metadata = {{"Größe", "a\nb"}};
    file.tensors = {tensor_of("f", floats), tensor_of("d", doubles), tensor_of("u", wholes),
                    tensor_of("none", std::vector<float>{})};
    write_safetensors(folder / "a", file);
    const TensorFile back = read_safetensors(folder / "a");
    check(back.metadata == file.metadata);
    check_equal(back.tensors.size(), 4u);
    check(values_of<float>(*back.find("f")) == floats);
    check(std::signbit(values_of<float>(*back.find("f"))[1]));
    check(values_of<double>(*back.find("d")) == doubles);
    check(values_of<std::uint64_t>(*back.find("u")) == wholes);
    check(values_of<float>(*back.find("none")).empty());
    check(back.find("x") == nullptr);
    check_throws([&] { values_of<float>(*back.find("d")); },
                 "tensor d: expected values of type F32, found F64");
}

TEST(any_order_and_whitespace_in_the_header_are_accepted) {
    const std::string header = "  {" + tensor("b", "[2]", "[8,16]") + " ,\n" +
                               tensor("a", "[]", "[4, 8]") + "," +
                               tensor("h", "[2,1]", "[0,4]", "BF16") + "}   ";
    const TensorFile file = parse_safetensors(file_with(header, 16), "test");
    check_equal(file.tensors.size(), 3u);
    check_equal(file.find("b")->bytes.size(), 8u);
    check_equal(shape_text(file.find("a")->shape), "()");
    check_equal(shape_text(file.find("h")->shape), "2x1");
    check(parse_safetensors(file_with("{}", 0), "test").tensors.empty());
}

TEST(a_wrong_header_length_is_rejected) {
    check_throws([] { parse_safetensors({}, "some/file"); }, "some/file: expected a safetensors");
    for (const unsigned high : {0u, 1u, 127u, 128u, 255u}) {
        std::vector<std::uint8_t> bytes = file_with("{}", 0);
        bytes[7] = static_cast<std::uint8_t>(high);
        bytes[0] = 3;
        check_throws([&] { parse_safetensors(bytes, "some/file"); }, "announce a header of ");
    }
    check_rejected("{" + std::string(1 << 22, ' ') + "}", 0, "more than the 4194304");
}

TEST(an_invalid_header_is_rejected) {
    check_rejected("[]", 0, "some/file: its header is not a JSON object");
    check_rejected("{\"a\"", 0, "some/file: header: invalid JSON at byte 4: expected a colon");
    check_rejected("{\"a\": 1}", 0, "tensor a: expected a dtype, a shape and two data_offsets");
    check_rejected("{" + tensor("a", "[1, -1]", "[0, 4]") + "}", 4, "expected a dtype, a shape");
    check_rejected("{" + tensor("a", "[1]", "[0, 4, 4]") + "}", 4, "expected a dtype, a shape");
    check_rejected("{" + tensor("a", "[1]", "[0, 4]", "F99") + "}", 4, "unknown type F99");
    check_rejected(
        "{" + tensor("a", "[2]", "[0, 4]") + "}", 4,
        "tensor a has the shape 2 and type F32, which do not match its data_offsets 0 and 4");
    check_rejected("{" + tensor("a", "[1]", "[4, 0]") + "}", 4,
                   "which do not match its data_offsets 4 and 0");
    check_rejected("{" + tensor("a", "[3]", "[0, 2]", "F4") + "}", 2, "which do not match");
    check_rejected("{\"__metadata__\": []}", 0, "its __metadata__ is not a JSON object");
    check_rejected("{\"__metadata__\": {\"a\": 1}}", 0, "its metadata entry a is not a string");
}

// The list of safetensors 0.8, with the bytes of four values.
TEST(all_types_of_the_format_are_known) {
    const std::pair<const char*, std::size_t> types[] = {
        {"BOOL", 4},        {"F4", 2},         {"F6_E2M3", 3}, {"F6_E3M2", 3}, {"U8", 4},
        {"I8", 4},          {"F8_E5M2", 4},    {"F8_E4M3", 4}, {"F8_E8M0", 4}, {"I16", 8},
        {"U16", 8},         {"F16", 8},        {"BF16", 8},    {"I32", 16},    {"U32", 16},
        {"F32", 16},        {"C64", 32},       {"F64", 32},    {"I64", 32},    {"U64", 32},
        {"F8_E4M3FNUZ", 4}, {"F8_E5M2FNUZ", 4}};
    for (const auto& [type, bytes] : types) {
        const std::string header =
            str_cat("{", tensor("a", "[2, 2]", str_cat("[0, ", bytes, "]"), type), "}");
        check_equal(parse_safetensors(file_with(header, bytes), type).find("a")->bytes.size(),
                    bytes);
    }
    for (const char* const type : {"C128", "bf16", "F8", "FP32"}) {
        check_rejected(str_cat("{", tensor("a", "[1]", "[0, 4]", type), "}"), 4,
                       "the unknown type ");
    }
}

// Values of numpy.float16, ml_dtypes.bfloat16 and numpy.float64, and their bits.
TEST(half_bfloat16_and_double_values_become_floats) {
    const auto values = [](const char* type, const std::vector<std::uint8_t>& bytes) {
        return float_values({"a", type, {bytes.size() / 2}, bytes});
    };
    constexpr float infinity = std::numeric_limits<float>::infinity();
    // 1, -2, the largest, the smallest normal and subnormal numbers, -0, infinities.
    const std::vector<float> half =
        values("F16", {0x00, 0x3c, 0x00, 0xc0, 0xff, 0x7b, 0x00, 0x04, 0x01, 0x00,
                       0xff, 0x03, 0x00, 0x80, 0x00, 0x7c, 0x00, 0xfc, 0x00, 0x7e});
    const std::vector<float> expected{1.0f,           -2.0f,         65504.0f,
                                      6.1035156e-05f, 5.9604645e-8f, 6.0975552e-05f,
                                      -0.0f,          infinity,      -infinity};
    check(std::equal(expected.begin(), expected.end(), half.begin()));
    check(std::signbit(half[6]) && std::isnan(half[9]));
    const std::vector<float> brain =
        values("BF16", {0x80, 0x3f, 0x49, 0xc0, 0x80, 0x7f, 0xc0, 0x7f});
    check_equal(brain[0], 1.0f);
    check_equal(brain[1], -3.140625f);
    check_equal(brain[2], infinity);
    check(std::isnan(brain[3]));
    const Tensor doubles = tensor_of<double>("d", {0.1, 1e300, -1e-60});
    check(float_values(doubles) == std::vector<float>{0.1f, infinity, -0.0f});
    check_equal(float_values(tensor_of<float>("f", {0.1f}))[0], 0.1f);
    for (const char* const type : {"I16", "F8_E5M2", "C64", "F4"}) {
        check_throws(
            [&] {
                values(type, {0, 0});
            },
            str_cat("tensor a: expected values of type F32, F64, F16 or BF16, found ", type));
    }
}

// As the package safetensors reads it.
TEST(metadata_may_be_null) {
    const std::string header = "{\"__metadata__\": null, " + tensor("a", "[1]", "[0, 4]") + "}";
    check(parse_safetensors(file_with(header, 4), "test").metadata.empty());
}

TEST(bytes_that_are_not_utf8_are_written_as_utf8) {
    const TemporaryFolder folder;
    write_safetensors(folder / "a", {"", {{"dataset", "caf\xe9"}}, {}});
    check_equal(read_safetensors(folder / "a").metadata.at("dataset"), "caf\xef\xbf\xbd");
}

TEST(sizes_that_overflow_are_rejected) {
    constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
    const auto list = [](std::initializer_list<std::size_t> numbers) {
        return Json::array(numbers).to_line();
    };
    // With 64 bits, 2^62 floats are 2^64 bytes, which is 0 where it wraps around.
    const std::string quarter = list({most / 4 + 1});
    check_rejected("{" + tensor("a", quarter, "[0, 0]") + "}", 0, "which do not match");
    constexpr std::size_t root = std::size_t{1} << std::numeric_limits<std::size_t>::digits / 2;
    check_rejected("{" + tensor("a", list({root, root}), "[0, 0]") + "}", 0, "which do not match");
    check_rejected("{" + tensor("a", "[1]", list({most - 3, 0})) + "}", 4, "which do not match");
    const std::string far = list({most - 7, most - 3});
    check_rejected("{" + tensor("a", "[1]", far) + "}", 4, "of 4 bytes, but should begin at 0");
    // 2^64; and 2^32, which overflows a size_t of 32 bits.
    check_rejected("{" + tensor("a", "[1]", "[18446744073709551616, 4]") + "}", 4, "expected a");
    check_rejected("{" + tensor("a", "[1]", "[4294967296, 4294967300]") + "}", 4, "tensor a");
}

TEST(tensors_that_overlap_leave_gaps_or_exceed_the_file_are_rejected) {
    const std::string first = "{" + tensor("a", "[1]", "[0, 4]") + ", ";
    check_rejected(first + tensor("b", "[1]", "[0, 4]") + "}", 8, "but should begin at 4");
    check_rejected(first + tensor("b", "[1]", "[2, 6]") + "}", 8, "but should begin at 4");
    check_rejected(first + tensor("b", "[1]", "[5, 9]") + "}", 9, "but should begin at 4");
    check_rejected(first + tensor("b", "[1]", "[4, 8]") + "}", 7,
                   "of 7 bytes, but should begin at 4");
    check_rejected(first + tensor("b", "[1]", "[4, 8]") + "}", 9,
                   "expected 8 bytes of values after the header, found 9");
    check_rejected(first + tensor("a", "[1]", "[4, 8]") + "}", 8, "duplicate key \"a\"");
    // An empty tensor lies between two others, not inside one.
    parse_safetensors(file_with(first + tensor("b", "[0]", "[4, 4]") + "}", 4), "test");
    check_rejected(first + tensor("b", "[0]", "[2, 2]") + "}", 4, "but should begin at 4");
}

}  // namespace
}  // namespace digits
