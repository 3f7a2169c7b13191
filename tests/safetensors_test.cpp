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
    check_rejected("{\"__metadata__\": []}", 0, "its __metadata__ is not a JSON object");
    check_rejected("{\"__metadata__\": {\"a\": 1}}", 0, "its metadata entry a is not a string");
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
}

}  // namespace
}  // namespace digits
