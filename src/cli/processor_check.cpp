// Before anything else: does this processor have the instructions that the program was compiled
// for? Without this check it would end with "Illegal instruction" on an older processor than that
// of the machine that built it. So this file alone is compiled for every processor.
#include <cstdio>
#include <cstdlib>

#include "util/system_info.h"

#if defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#endif

namespace digits {
namespace {

#if (defined(__x86_64__) || defined(__i386__)) && defined(__GNUC__)

// The newest instructions that are needed and missing; null if none are.
const char* missing_instructions() {
    const InstructionSets& needed = compiled_for;
    __builtin_cpu_init();
    if (needed.avx512f && !__builtin_cpu_supports("avx512f")) return "AVX-512";
    if (needed.avx512bw && !__builtin_cpu_supports("avx512bw")) return "AVX-512 BW";
    if (needed.avx512dq && !__builtin_cpu_supports("avx512dq")) return "AVX-512 DQ";
    if (needed.avx512vl && !__builtin_cpu_supports("avx512vl")) return "AVX-512 VL";
    if (needed.avx512vbmi2 && !__builtin_cpu_supports("avx512vbmi2")) return "AVX-512 VBMI2";
    if (needed.avx512vnni && !__builtin_cpu_supports("avx512vnni")) return "AVX-512 VNNI";
    if (needed.avx2 && !__builtin_cpu_supports("avx2")) return "AVX2";
    if (needed.fma && !__builtin_cpu_supports("fma")) return "FMA";
    if (needed.bmi2 && !__builtin_cpu_supports("bmi2")) return "BMI2";
    if (needed.bmi && !__builtin_cpu_supports("bmi")) return "BMI";
    if (needed.fma4 && !__builtin_cpu_supports("fma4")) return "FMA4";
    if (needed.xop && !__builtin_cpu_supports("xop")) return "XOP";
    if (needed.avx && !__builtin_cpu_supports("avx")) return "AVX";
    if (needed.sse4_2 && !__builtin_cpu_supports("sse4.2")) return "SSE 4.2";
    if (needed.popcnt && !__builtin_cpu_supports("popcnt")) return "POPCNT";
    if (needed.sse4_1 && !__builtin_cpu_supports("sse4.1")) return "SSE 4.1";
    if (needed.ssse3 && !__builtin_cpu_supports("ssse3")) return "SSSE3";
    if (needed.sse3 && !__builtin_cpu_supports("sse3")) return "SSE3";
    return nullptr;
}

#elif defined(__aarch64__) && defined(__linux__)

const char* missing_instructions() {
    // The bits of AT_HWCAP in Linux, arch/arm64/include/uapi/asm/hwcap.h.
    constexpr unsigned long atomics = 1ul << 8, half = 1ul << 10, dot_product = 1ul << 20,
                            sve = 1ul << 22;
    const unsigned long found = getauxval(AT_HWCAP);
    const InstructionSets& needed = compiled_for;
    if (needed.sve && (found & sve) == 0) return "SVE";
    if (needed.dot_product && (found & dot_product) == 0) return "dot products";
    if (needed.half && (found & half) == 0) return "arithmetic in half precision";
    if (needed.atomics && (found & atomics) == 0) return "LSE atomics";
    return nullptr;
}

#else

const char* missing_instructions() {
    return nullptr;
}

#endif

// Runs before the constructors of all global variables, some of which may use those instructions;
// smaller numbers than 101 are reserved for the compiler.
[[gnu::constructor(101)]] void check_processor() {
    const char* const missing = missing_instructions();
    if (!missing) return;
    std::fprintf(stderr,
                 "digits: error: this program was built for a processor with %s, which this one "
                 "lacks; build it again here: make clean; make, or for every processor: make "
                 "ARCH=\n",
                 missing);
    std::_Exit(1);
}

}  // namespace
}  // namespace digits
