// A 64-bit hash (FNV-1a), to tell at a glance whether two networks or data sets are the same.
#pragma once

#include <cstdint>
#include <cstdio>
#include <span>
#include <string>

namespace digits {

// 64-bit FNV-1a (Fowler, Noll and Vo, 1991). Detects accidental changes; not cryptographic.
class Hash {
public:
    void add(std::uint8_t byte) { hash_ = (hash_ ^ byte) * 0x100000001b3; }
    void add(std::span<const std::uint8_t> bytes) {
        for (const std::uint8_t byte : bytes) add(byte);
    }
    // Adds the bytes in little-endian order, so that every machine gives the same hash.
    template <class Integer>
    void add_number(Integer number) {
        for (unsigned byte = 0; byte < sizeof number; ++byte) {
            add(static_cast<std::uint8_t>(number >> 8 * byte & 0xff));
        }
    }

    // 16 hexadecimal digits.
    std::string to_text() const {
        char digits[17];
        std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(hash_));
        return digits;
    }

private:
    std::uint64_t hash_ = 0xcbf29ce484222325;
};

}  // namespace digits
