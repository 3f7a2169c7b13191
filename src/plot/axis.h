// From numbers to places in an image, and the round numbers that are written along an axis.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace digits {

struct Axis {
    std::string label{};  // with its unit: "loss", "step", "accuracy, %"
    // Where it ends; what the data need when not given.
    std::optional<double> low{}, high{};
    bool logarithmic = false;
    bool whole = false;  // only whole numbers stand along it: steps, epochs
};

struct Tick {
    double value;
    std::string label;
};

// Maps the numbers of an axis to [from, to]; what lies beyond its ends, to the ends.
class Scale {
public:
    Scale(const Axis& axis, double data_low, double data_high, double from, double to);

    double operator()(double value) const;

    // About so many, all between the ends.
    std::vector<Tick> ticks(std::size_t count) const;

private:
    bool logarithmic_, whole_;
    double low_, high_, from_, to_;
};

// Round numbers that divide [low, high] into about `count` parts: multiples of 1, 2 or 5 times a
// power of ten.
std::vector<double> round_ticks(double low, double high, std::size_t count);

// "0.25", "1,000", "2e-05": as short as the distance between ticks allows.
std::string tick_label(double value, double distance);

}  // namespace digits
