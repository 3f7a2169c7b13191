// The version of the library and the program.
#pragma once

namespace digits {

inline constexpr const char* version = "1.0";

}  // namespace digits
