// What the program runs on, for reports.
#pragma once

#include <string>

namespace digits {

// As Linux tells it; elsewhere "unknown processor".
std::string cpu_name();

// What the program was compiled with: "GCC 12".
std::string compiler_name();

}  // namespace digits
