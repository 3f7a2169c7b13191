// The safetensors file format: named arrays of numbers, as PyTorch, JAX and NumPy load and save
// them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "formats/tensor.h"

namespace digits {

// A file consists of the length of its header in 8 bytes, the header, and the values of all
// tensors:
//
//     {"__metadata__": {"activation": "relu"},
//      "layer1.bias": {"dtype": "F32", "shape": [128], "data_offsets": [0, 512]}, ...}
//
// All numbers are little-endian, on every machine. The offsets are relative to the end of the
// header; together the tensors fill the rest of the file without gaps.
struct TensorFile {
    std::string name;                             // of the file, for error messages
    std::map<std::string, std::string> metadata;  // the format allows only strings
    std::vector<Tensor> tensors;

    const Tensor* find(const std::string& tensor) const;  // null if there is none
};

// Both throw std::runtime_error, which names the file, what was expected and what was found. They
// need about twice the file size in memory: the sizes in the header are compared with the size of
// the file before anything is allocated.
TensorFile parse_safetensors(std::span<const std::uint8_t> bytes, const std::string& name);
TensorFile read_safetensors(const std::filesystem::path& path);

// The same tensors and metadata give the same bytes on every machine. Returns when they are on the
// disk: until then, an older file of that name is kept. Throws std::runtime_error if the file
// cannot be written.
void write_safetensors(const std::filesystem::path& path, const TensorFile& file);

}  // namespace digits
