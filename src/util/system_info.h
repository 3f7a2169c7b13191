// What is around the program: the processor, the cores that it may use, the compiler.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

namespace digits {

// The name of the processor, such as "Intel(R) Xeon(R) Processor" or "Arm Cortex-A76, Raspberry Pi
// 5"; "unknown processor" if the system does not tell. `root` is where the system's files are, for
// tests.
std::string cpu_name(const std::filesystem::path& root = "/");

// The number of cores that this process may run on: its affinity mask, which `taskset`, `docker
// --cpuset-cpus` and batch systems set. Empty if the system does not tell.
std::optional<std::size_t> cores_in_affinity_mask();

// How many cores' time the control groups of this process get on Linux: 1.5 under `docker --cpus
// 1.5`. A group within others gets no more than any of these. Empty if there is no limit.
std::optional<double> cpu_quota(const std::filesystem::path& root = "/");

// How many threads can run at once: the smallest of `installed`, the affinity mask, and the CPU
// quota rounded up, at least 1. More threads would only take turns, or wait for the next period.
std::size_t usable_cores(std::size_t installed);

// Instructions beyond the least of an architecture that the compiler of the library was allowed to
// use, as with -march=native.
struct InstructionSets {
    bool sse3 = false, ssse3 = false, sse4_1 = false, popcnt = false, sse4_2 = false, avx = false,
         xop = false, fma4 = false, bmi = false, bmi2 = false, fma = false, avx2 = false;
    bool avx512vnni = false, avx512vbmi2 = false, avx512vl = false, avx512dq = false,
         avx512bw = false, avx512f = false;
    bool atomics = false, half = false, dot_product = false, sve = false;  // of 64-bit ARM
};
extern const InstructionSets compiled_for;

// The compiler of the program, such as "GCC 12".
std::string compiler_name();

}  // namespace digits
