// Names of the processor and the compiler, for reports.
#pragma once

#include <string>

namespace digits {

// From /proc/cpuinfo on Linux; "unknown processor" on other systems.
std::string cpu_name();

// The compiler of the program, such as "GCC 12".
std::string compiler_name();

}  // namespace digits
