// The two ways in which the library says no: require() to programmers, fail() to the outside world.
#pragma once

#include <sstream>
#include <stdexcept>
#include <string>

namespace digits {

// The parts one after the other, each as `<<` prints it.
template <class... Parts>
std::string text(const Parts&... parts) {
    std::ostringstream stream;
    (stream << ... << parts);
    return stream.str();
}

// Guards the contract of a function. It is always on, and the message is only put together when it
// is needed: require(a == b, "dense: input is ", a, " wide but the weight takes ", b).
// Throws std::invalid_argument.
template <class... Parts>
void require(bool condition, const Parts&... message) {
    if (!condition) throw std::invalid_argument(text(message...));
}

// For what no programmer can prevent, such as a broken file. The message says what was being done,
// what was expected, what was found and what to do next. Throws std::runtime_error.
template <class... Parts>
[[noreturn]] void fail(const Parts&... message) {
    throw std::runtime_error(text(message...));
}

}  // namespace digits
