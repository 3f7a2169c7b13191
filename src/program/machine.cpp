#include "program/machine.h"

#include <fstream>

#include "math/require.h"

namespace digits {

std::string processor() {
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);) {
        const std::size_t colon = line.find(": ");
        if (line.starts_with("model name") && colon != std::string::npos) {
            return line.substr(colon + 2);
        }
    }
    return "unknown processor";
}

std::string compiler() {
#if defined(__clang__)
    return text("Clang ", __clang_major__);
#elif defined(__GNUC__)
    return text("GCC ", __GNUC__);
#else
    return "unknown compiler";
#endif
}

}  // namespace digits
