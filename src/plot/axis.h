// Axes of a plot: scales that map values to coordinates, and round tick values with labels.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace digits {

struct Axis {
    std::string label{};  // with its unit: "loss", "step", "accuracy, %"
    // Its limits; where not given, those of the data.
    std::optional<double> low{}, high{};
    bool logarithmic = false;
    bool whole = false;  // ticks at whole numbers only: steps, epochs
};

struct Tick {
    double value;
    std::string label;
};

// Maps the values of an axis to coordinates in [from, to]; clamps those beyond its limits.
class Scale {
public:
    Scale(const Axis& axis, double data_low, double data_high, double from, double to);

    double operator()(double value) const;

    // About `count` ticks, all within the limits.
    std::vector<Tick> ticks(std::size_t count) const;

private:
    bool logarithmic_, whole_;
    double low_, high_, from_, to_;
};

// Round numbers that divide [low, high] into about `count` parts: multiples of 1, 2 or 5 times a
// power of ten.
std::vector<double> round_ticks(double low, double high, std::size_t count);

// "0.25", "1,000", "2e-05": no more decimals than ticks at this distance need to be told apart.
std::string tick_label(double value, double distance);

}  // namespace digits
