// Inflate: decompresses DEFLATE data (RFC 1951), the content of gzip files and PNG images.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "formats/bit_reader.h"

namespace digits {

// Decompresses from the current position of the reader, appends the bytes to `output`, and leaves
// the reader after the last bit. Returns false if there is more data when `output` has `limit`
// bytes. Throws std::runtime_error if the data is damaged.
bool inflate(BitReader& reader, std::vector<std::uint8_t>& output, std::size_t limit);

}  // namespace digits
