// Fuzzes model files: the safetensors header, its JSON, and the network built from the tensors.
#include "fuzz.h"
#include "training/model_file.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    digits::testing::must_cope([&] { digits::parse_model({data, size}, "fuzz"); });
    return 0;
}
