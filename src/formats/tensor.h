// A named array of numbers as bytes that are the same on every machine.
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
    std::string type;                // "F32", "F64" or "U64"; of others only the size is known
    std::vector<std::size_t> shape;  // of no dimensions: one number
    std::vector<std::uint8_t>
        bytes;  // the last dimension the fastest, each value lowest byte first
};

// Value is float, double or std::uint64_t.
template <class Value>
Tensor make_tensor(std::string name, std::vector<std::size_t> shape, std::span<const Value> values);

// Throws std::runtime_error that names the tensor when it holds values of another type.
template <class Value>
std::vector<Value> values_of(const Tensor& tensor);

// "512x784", for messages; of a single number "()".
std::string shape_text(std::span<const std::size_t> shape);

// How many bytes a value of this type takes; 0 for a type that is not known.
std::size_t type_size(std::string_view type);

// Nothing where the product is more than can be counted.
std::optional<std::size_t> product(std::span<const std::size_t> factors);

}  // namespace digits
