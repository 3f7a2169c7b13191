#include "formats/tensor.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <type_traits>

#include "util/require.h"

namespace digits {
namespace {

struct Type {
    std::string_view name;
    std::size_t bits;  // per value
};

// The types of safetensors 0.8; any other name makes that library refuse the file, too.
constexpr std::array<Type, 22> types{
    {{"F64", 64},    {"I64", 64},    {"U64", 64},        {"C64", 64},        {"F32", 32},
     {"I32", 32},    {"U32", 32},    {"F16", 16},        {"BF16", 16},       {"I16", 16},
     {"U16", 16},    {"I8", 8},      {"U8", 8},          {"BOOL", 8},        {"F8_E5M2", 8},
     {"F8_E4M3", 8}, {"F8_E8M0", 8}, {"F8_E4M3FNUZ", 8}, {"F8_E5M2FNUZ", 8}, {"F6_E2M3", 6},
     {"F6_E3M2", 6}, {"F4", 4}}};

template <class Value>
constexpr const char* type_name() {
    if (std::is_same_v<Value, float>) return "F32";
    return std::is_same_v<Value, double> ? "F64" : "U64";
}

// A half-precision number (IEEE 754 binary16): a sign, 5 bits of exponent, 10 of fraction.
float float_of_half(std::uint16_t bits) {
    const int exponent = bits >> 10 & 31, fraction = bits & 1023;
    float size = 0.0f;
    if (exponent == 31) {
        size = fraction == 0 ? std::numeric_limits<float>::infinity()
                             : std::numeric_limits<float>::quiet_NaN();
    } else {
        // Below the smallest exponent there is no leading 1.
        size = exponent == 0 ? std::ldexp(static_cast<float>(fraction), -24)
                             : std::ldexp(static_cast<float>(1024 + fraction), exponent - 25);
    }
    return bits >> 15 == 1 ? -size : size;
}

// The unsigned integer of the same size; shifting it does not depend on the machine's byte order.
template <class Value>
using BitsOf = std::conditional_t<sizeof(Value) == 4, std::uint32_t, std::uint64_t>;

// The values as they are stored.
template <class Bits>
std::vector<Bits> patterns(const Tensor& tensor) {
    std::vector<Bits> values(tensor.bytes.size() / sizeof(Bits));
    for (std::size_t i = 0; i < values.size(); ++i) {
        std::uint64_t bits = 0;
        for (std::size_t byte = sizeof(Bits); byte-- > 0;) {
            bits = bits << 8 | tensor.bytes[i * sizeof(Bits) + byte];
        }
        values[i] = static_cast<Bits>(bits);
    }
    return values;
}

}  // namespace

template <class Value>
Tensor make_tensor(std::string name, std::vector<std::size_t> shape,
                   std::span<const Value> values) {
    require(product(shape) == values.size(), "safetensors: tensor ", name, " has ", values.size(),
            " values, but its shape is ", shape_text(shape));
    Tensor tensor{std::move(name), type_name<Value>(), std::move(shape), {}};
    tensor.bytes.reserve(values.size() * sizeof(Value));
    for (const Value value : values) {
        const auto bits = std::bit_cast<BitsOf<Value>>(value);
        for (std::size_t byte = 0; byte < sizeof bits; ++byte) {
            tensor.bytes.push_back(static_cast<std::uint8_t>(bits >> 8 * byte & 0xff));
        }
    }
    return tensor;
}

template <class Value>
std::vector<Value> values_of(const Tensor& tensor) {
    if (tensor.type != type_name<Value>()) {
        fail("tensor ", tensor.name, ": expected values of type ", type_name<Value>(), ", found ",
             tensor.type, "; convert them before saving");
    }
    std::vector<Value> values;
    for (const BitsOf<Value> bits : patterns<BitsOf<Value>>(tensor)) {
        values.push_back(std::bit_cast<Value>(bits));
    }
    return values;
}

std::vector<float> float_values(const Tensor& tensor) {
    if (tensor.type == "F32") return values_of<float>(tensor);
    std::vector<float> values;
    if (tensor.type == "F64") {
        for (const double value : values_of<double>(tensor)) {
            values.push_back(static_cast<float>(value));
        }
    } else if (tensor.type == "BF16") {
        // The upper half of the float.
        for (const std::uint32_t bits : patterns<std::uint16_t>(tensor)) {
            values.push_back(std::bit_cast<float>(bits << 16));
        }
    } else if (tensor.type == "F16") {
        for (const std::uint16_t bits : patterns<std::uint16_t>(tensor)) {
            values.push_back(float_of_half(bits));
        }
    } else {
        fail("tensor ", tensor.name, ": expected values of type F32, F64, F16 or BF16, found ",
             tensor.type, "; convert them before saving");
    }
    return values;
}

template Tensor make_tensor(std::string, std::vector<std::size_t>, std::span<const float>);
template Tensor make_tensor(std::string, std::vector<std::size_t>, std::span<const double>);
template Tensor make_tensor(std::string, std::vector<std::size_t>, std::span<const std::uint64_t>);
template std::vector<float> values_of(const Tensor&);
template std::vector<double> values_of(const Tensor&);
template std::vector<std::uint64_t> values_of(const Tensor&);

std::size_t type_bits(std::string_view type) {
    const auto found = std::ranges::find(types, type, &Type::name);
    return found == types.end() ? 0 : found->bits;
}

std::optional<std::size_t> product(std::span<const std::size_t> factors) {
    std::size_t result = 1;
    for (const std::size_t factor : factors) {
        if (factor > 0 && result > std::numeric_limits<std::size_t>::max() / factor) return {};
        result *= factor;
    }
    return result;
}

std::string shape_text(std::span<const std::size_t> shape) {
    std::string words;
    for (const std::size_t size : shape) words += str_cat(words.empty() ? "" : "x", size);
    return words.empty() ? "()" : words;
}

}  // namespace digits
