// Error reporting: require() for violated preconditions, fail() for errors of the outside world.
#pragma once

#include <stdexcept>

#include "util/text.h"

namespace digits {

// Checks a precondition, in release builds too. The message is built only when the check fails:
// require(a == b, "dense: input is ", a, " wide but the weight takes ", b).
// Throws std::invalid_argument.
template <class... Parts>
void require(bool condition, const Parts&... message) {
    if (!condition) throw std::invalid_argument(str_cat(message...));
}

// Reports an error that the programmer cannot prevent, such as a damaged file. The message says
// what was being done, what was expected, what was found and what to do next. Throws
// std::runtime_error.
template <class... Parts>
[[noreturn]] void fail(const Parts&... message) {
    throw std::runtime_error(str_cat(message...));
}

}  // namespace digits
