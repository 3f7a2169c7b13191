#include "formats/tensor.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <type_traits>

#include "util/require.h"

namespace digits {
namespace {

struct Type {
    std::string_view name;
    std::size_t size;  // bytes per value
};
constexpr std::array<Type, 14> types{{{"F64", 8},
                                      {"I64", 8},
                                      {"U64", 8},
                                      {"F32", 4},
                                      {"I32", 4},
                                      {"U32", 4},
                                      {"F16", 2},
                                      {"BF16", 2},
                                      {"I16", 2},
                                      {"U16", 2},
                                      {"I8", 1},
                                      {"U8", 1},
                                      {"F8_E4M3", 1},
                                      {"BOOL", 1}}};

template <class Value>
constexpr const char* type_name() {
    if (std::is_same_v<Value, float>) return "F32";
    return std::is_same_v<Value, double> ? "F64" : "U64";
}

// The unsigned integer of the same size; shifting it does not depend on the machine's byte order.
template <class Value>
using BitsOf = std::conditional_t<sizeof(Value) == 4, std::uint32_t, std::uint64_t>;

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
    std::vector<Value> values(tensor.bytes.size() / sizeof(Value));
    for (std::size_t i = 0; i < values.size(); ++i) {
        BitsOf<Value> bits = 0;
        for (std::size_t byte = sizeof bits; byte-- > 0;) {
            bits = bits << 8 | tensor.bytes[i * sizeof bits + byte];
        }
        values[i] = std::bit_cast<Value>(bits);
    }
    return values;
}

template Tensor make_tensor(std::string, std::vector<std::size_t>, std::span<const float>);
template Tensor make_tensor(std::string, std::vector<std::size_t>, std::span<const double>);
template Tensor make_tensor(std::string, std::vector<std::size_t>, std::span<const std::uint64_t>);
template std::vector<float> values_of(const Tensor&);
template std::vector<double> values_of(const Tensor&);
template std::vector<std::uint64_t> values_of(const Tensor&);

std::size_t type_size(std::string_view type) {
    const auto found = std::ranges::find(types, type, &Type::name);
    return found == types.end() ? 0 : found->size;
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
