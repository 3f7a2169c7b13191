// Every random bit of the book: one seed gives the same numbers on every compiler and system.
//
// The standard library fixes its engines but not its distributions: std::normal_distribution and
// std::shuffle may differ from one library to the next. So both are written out here, from integer
// steps and from the floating-point operations that IEEE 754 rounds exactly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "util/require.h"

namespace digits {

// SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014): a
// counter that goes up by an odd constant, and a function that scrambles it. Number i of a sequence
// is scramble(start + i * random_stride), so any number can be had without those before it.
inline constexpr std::uint64_t random_stride = 0x9e3779b97f4a7c15;

constexpr std::uint64_t scramble(std::uint64_t bits) {
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111eb;
    return bits ^ (bits >> 31);
}

class Random {
public:
    // Streams of one seed are unrelated sequences: digit number i is drawn with stream i, so that
    // it comes out the same whichever thread draws it.
    explicit Random(std::uint64_t seed, std::uint64_t stream = 0)
        : counter_(scramble(scramble(seed) + stream)) {}

    // 64 random bits.
    std::uint64_t next() { return scramble(counter_ += random_stride); }

    // In [0, 1): one of the 2^53 multiples of 2^-53, all alike.
    double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

    // In [low, high). Compiled with the library, in random.cpp: in a header, the flags of whoever
    // includes it could round the product and the sum in one go, and the numbers would differ.
    double uniform(double low, double high);

    // Mean 0, variance 1: the sum of twelve uniform numbers has mean 6 and variance 12 * 1/12 and,
    // by the central limit theorem, all but the shape of the normal distribution (nothing lies
    // beyond 6 deviations). Three words give twelve 16-bit numbers; no logarithm or cosine is
    // called, because those may differ in the last bit between systems.
    double normal() {
        std::uint64_t sum = 0;
        for (int word = 0; word < 3; ++word) {
            const std::uint64_t bits = next();
            sum += (bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + (bits >> 48);
        }
        // Each 16-bit number stands for the middle of its interval: hence the half added to each.
        return (static_cast<double>(sum) + 12 * 0.5) * 0x1.0p-16 - 6.0;
    }

    // One of 0, 1, ..., bound - 1, all equally likely: a draw from the incomplete last round of the
    // 2^64 possible ones, which would favour small results, is thrown away.
    std::size_t below(std::size_t bound) {
        require(bound > 0, "random: below(0) has nothing to choose from");
        const std::uint64_t incomplete = (0 - static_cast<std::uint64_t>(bound)) % bound;
        std::uint64_t bits = next();
        while (bits < incomplete) bits = next();
        return static_cast<std::size_t>(bits % bound);
    }

    // Every order equally likely (Fisher and Yates, 1938, in Durstenfeld's form of 1964).
    template <class T>
    void shuffle(std::span<T> items) {
        for (std::size_t left = items.size(); left > 1; --left) {
            std::swap(items[left - 1], items[below(left)]);
        }
    }

    // With its state, a sequence goes on where it was.
    std::uint64_t state() const { return counter_; }
    void set_state(std::uint64_t state) { counter_ = state; }

private:
    std::uint64_t counter_;
};

}  // namespace digits
