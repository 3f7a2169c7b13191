// Numbers as people read them.
#pragma once

#include <cstddef>
#include <string>

namespace digits {

// fixed(0.98125, 4) is "0.9813"
std::string fixed(double value, int decimals);

// percent(0.98125) is "98.13 %"
std::string percent(double share);

// grouped(1234567) is "1,234,567"
std::string grouped(std::size_t number);

// Right-aligned in `width` characters.
std::string padded(const std::string& words, std::size_t width);

// "0.4 s", "12 s", "3 min 20 s"
std::string duration(double seconds);

// Appends `words` to `lines`, whose last line is `used` characters long, and breaks at spaces so
// that none is wider than 80; what follows a break is indented.
void append_wrapped(std::string& lines, std::size_t used, const std::string& words,
                    std::size_t indent);

// The words as lines of at most 80 characters, each indented.
std::string wrapped(const std::string& words, std::size_t indent = 0);

}  // namespace digits
