// Unpacks DEFLATE data, the inside of a gzip file (RFC 1951).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "formats/bit_reader.h"

namespace digits {

// Unpacks from where the reader stands, appends the bytes to `output`, and leaves the reader behind
// the last bit. Throws std::runtime_error when the data is damaged, or once `output` has become
// larger than `limit` bytes.
void inflate(BitReader& reader, std::vector<std::uint8_t>& output, std::size_t limit);

}  // namespace digits
