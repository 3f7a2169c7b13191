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

// A file is the length of its header in 8 bytes, the header, and the values of all tensors:
//
//     {"__metadata__": {"activation": "relu"},
//      "layer1.bias": {"dtype": "F32", "shape": [128], "data_offsets": [0, 512]}, ...}
//
// All numbers are stored lowest byte first, on every machine. The offsets count from the end of the
// header; together the tensors fill the rest of the file without a gap.
struct TensorFile {
    std::string name;                             // of the file, for messages
    std::map<std::string, std::string> metadata;  // the format has room for strings only
    std::vector<Tensor> tensors;

    const Tensor* find(const std::string& tensor) const;  // null where there is none
};

// Both throw std::runtime_error that names the file, what was expected and what was found. A file
// takes the memory that it fills, about twice: what its header promises is compared with its size
// and never allocated.
TensorFile parse_safetensors(std::span<const std::uint8_t> bytes, const std::string& name);
TensorFile read_safetensors(const std::filesystem::path& path);

// The same tensors and metadata give the same bytes everywhere. Returns when they are on the disk:
// until then, an older file of that name stays. Throws std::runtime_error when it cannot be
// written.
void write_safetensors(const std::filesystem::path& path, const TensorFile& file);

}  // namespace digits
