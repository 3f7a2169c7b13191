#include "util/system_info.h"

#include <fstream>

#include "util/require.h"

namespace digits {

std::string cpu_name() {
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);) {
        const std::size_t colon = line.find(": ");
        if (line.starts_with("model name") && colon != std::string::npos) {
            return line.substr(colon + 2);
        }
    }
    return "unknown processor";
}

std::string compiler_name() {
#if defined(__clang__)
    return str_cat("Clang ", __clang_major__);
#elif defined(__GNUC__)
    return str_cat("GCC ", __GNUC__);
#else
    return "unknown compiler";
#endif
}

}  // namespace digits
