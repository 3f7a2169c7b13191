// Input scaling: how the pixels of an image become the inputs of a network.
#pragma once

#include <string_view>

namespace digits {

// input = factor * x + offset, where x is a pixel from 0, background, to 1, full ink. Networks of
// this program are trained with x itself.
struct InputScaling {
    double factor = 1.0;
    double offset = 0.0;

    bool operator==(const InputScaling&) const = default;
};

// The forms that are understood, for messages and help.
inline constexpr std::string_view input_scaling_forms =
    "byte/255, (x-0.1307)/0.3081 with x = byte/255, its mean and deviation 0.1307,0.3081, or a "
    "range such as -1..1 or 0..255";

// Reads a range, "-1..1"; a mean and a standard deviation, "0.1307,0.3081"; or a formula of sums,
// differences, products, quotients and parentheses in x and byte, "(x-0.1307)/0.3081". Throws
// std::runtime_error, which says what was expected, for anything else, and if the input would not
// depend on the pixel.
InputScaling parse_input_scaling(std::string_view words);

}  // namespace digits
