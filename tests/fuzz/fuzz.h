// Shared by all fuzz targets. libFuzzer, which comes with Clang, calls LLVMFuzzerTestOneInput()
// with millions of inputs, each a mutation of one that reached new code. See `make fuzz`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>

namespace digits::testing {

// Whatever the bytes are, the call may only return or throw std::runtime_error, the exception for
// invalid input. Everything else counts as a crash: std::invalid_argument, which reports misuse by
// the programmer, running out of memory, and everything that the sanitizers find.
template <class Call>
void must_cope(Call call) {
    try {
        call();
    } catch (const std::runtime_error&) {
    }
}

}  // namespace digits::testing

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
