// Random number generator: one seed gives the same numbers with every compiler and system.
//
// The standard library fixes its engines but not its distributions: std::normal_distribution and
// std::shuffle may differ from one library to the next. So both are implemented here, with integer
// arithmetic and with those floating-point operations that IEEE 754 rounds correctly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "util/require.h"

namespace digits {

// SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014): a
// counter that goes up by an odd constant, and a function that scrambles it. Number i of a sequence
// is scramble(start + i * random_stride), so any number can be computed without those before it.
inline constexpr std::uint64_t random_stride = 0x9e3779b97f4a7c15;

constexpr std::uint64_t scramble(std::uint64_t bits) {
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111eb;
    return bits ^ (bits >> 31);
}

class Random {
public:
    // The streams of one seed are independent sequences: digit i is drawn from stream i, so that
    // it is the same whichever thread draws it.
    explicit Random(std::uint64_t seed, std::uint64_t stream = 0)
        : counter_(scramble(scramble(seed) + stream)) {}

    // 64 random bits.
    std::uint64_t next() { return scramble(counter_ += random_stride); }

    // Uniform over the 2^53 multiples of 2^-53 in [0, 1).
    double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

    // Uniform in [low, high). Defined in random.cpp: if it were in a header, the compiler flags of
    // the including program could fuse the product and the sum, and the numbers would differ.
    double uniform(double low, double high);

    // Nearly normal, with mean 0 and variance 1: the sum of twelve uniform numbers has mean 6 and
    // variance 12 * 1/12 and, by the central limit theorem, nearly the shape of the normal
    // distribution (cut off at 6 standard deviations). Three words give twelve 16-bit numbers. No
    // logarithm or cosine is called, because those may differ in the last bit between systems.
    double normal() {
        std::uint64_t sum = 0;
        for (int word = 0; word < 3; ++word) {
            const std::uint64_t bits = next();
            sum += (bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + (bits >> 48);
        }
        // Each 16-bit number represents the middle of its interval: hence the half added to each.
        return (static_cast<double>(sum) + 12 * 0.5) * 0x1.0p-16 - 6.0;
    }

    // Uniform over 0, 1, ..., bound - 1. 2^64 is rarely a multiple of `bound`, and a plain
    // remainder would favour small results: draws from the incomplete round are rejected.
    std::size_t below(std::size_t bound) {
        require(bound > 0, "random: below(0): the bound must be positive");
        const std::uint64_t incomplete = (0 - static_cast<std::uint64_t>(bound)) % bound;
        std::uint64_t bits = next();
        while (bits < incomplete) bits = next();
        return static_cast<std::size_t>(bits % bound);
    }

    // All orders are equally likely (Fisher and Yates, 1938, in Durstenfeld's form of 1964).
    template <class T>
    void shuffle(std::span<T> items) {
        for (std::size_t left = items.size(); left > 1; --left) {
            std::swap(items[left - 1], items[below(left)]);
        }
    }

    // Saving and restoring the state continues a sequence where it was.
    std::uint64_t state() const { return counter_; }
    void set_state(std::uint64_t state) { counter_ = state; }

private:
    std::uint64_t counter_;
};

}  // namespace digits
