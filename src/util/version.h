// The version of the library and the program.
#pragma once

namespace digits {

inline constexpr const char* version = "2.0";

}  // namespace digits
