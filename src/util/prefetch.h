// Tells the memory what will be needed soon, so that it is on its way when it is. Changes the speed
// only, and does nothing where the compiler knows no such instruction.
#pragma once

namespace digits {

#if defined(__GNUC__)

// Each starts to fetch the cache line, 64 bytes on most machines, in which this address lies.
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
