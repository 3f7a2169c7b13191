// Recognizes common file formats by their first bytes, so that errors can name what was found.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace digits {

// What kind of file begins with these bytes, as words for a message such as "a JPEG image"; empty
// if unknown. The first 512 bytes are enough. It is a guess: a signature does not make a file
// valid.
std::string_view file_kind(std::span<const std::uint8_t> bytes);

}  // namespace digits
