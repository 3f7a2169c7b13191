// Tensor: a named array of numbers, stored as bytes in the same order on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace digits {

struct Tensor {
    std::string name;
    std::string type;  // "F32", "F64" or "U64"; for other types only the size is known
    std::vector<std::size_t> shape;  // no dimensions: a single number
    std::vector<std::uint8_t>
        bytes;  // row-major (the last dimension varies fastest), little-endian values
};

// Value is float, double or std::uint64_t.
template <class Value>
Tensor make_tensor(std::string name, std::vector<std::size_t> shape, std::span<const Value> values);

// Throws std::runtime_error, which names the tensor, if its values have a different type.
template <class Value>
std::vector<Value> values_of(const Tensor& tensor);

// The values as floats: those of types F16 and BF16 exactly, those of type F64 rounded. Throws
// std::runtime_error, which names the tensor, if they have any other type than these and F32.
std::vector<float> float_values(const Tensor& tensor);

// "512x784", for error messages; "()" for a single number.
std::string shape_text(std::span<const std::size_t> shape);

// Bits per value of this type; 0 if the type is unknown.
std::size_t type_bits(std::string_view type);

// Nothing if the product overflows.
std::optional<std::size_t> product(std::span<const std::size_t> factors);

}  // namespace digits
