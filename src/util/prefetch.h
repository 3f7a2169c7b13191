// Software prefetch hints: fetch a cache line before it is needed. They affect only the speed, and
// do nothing if the compiler has no such instruction.
#pragma once

namespace digits {

#if defined(__GNUC__)

// Both start to fetch the cache line (64 bytes on most machines) that contains this address.
inline void prefetch_to_read(const void* address) {
    __builtin_prefetch(address, 0);
}

inline void prefetch_to_write(const void* address) {
    __builtin_prefetch(address, 1);
}

#else

inline void prefetch_to_read(const void*) {}
inline void prefetch_to_write(const void*) {}

#endif

}  // namespace digits
