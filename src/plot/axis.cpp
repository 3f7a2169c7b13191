#include "plot/axis.h"

#include <algorithm>
#include <cmath>

#include "util/require.h"
#include "util/text.h"

namespace digits {

Scale::Scale(const Axis& axis, double data_low, double data_high, double from, double to)
    : logarithmic_(axis.logarithmic),
      whole_(axis.whole),
      low_(axis.low.value_or(data_low)),
      high_(axis.high.value_or(data_high)),
      from_(from),
      to_(to) {
    if (!(low_ <= high_)) low_ = high_ = logarithmic_ ? 1.0 : 0.0;  // no data at all
    if (logarithmic_ && low_ <= 0.0) low_ = high_ > 0.0 ? high_ * 1e-3 : 1.0;
    if (low_ == high_) {  // a single value: widen the range around it
        low_ = logarithmic_ ? low_ / 2 : low_ - 0.5;
        high_ = logarithmic_ ? high_ * 2 : high_ + 0.5;
    }
}

double Scale::operator()(double value) const {
    const double share = logarithmic_ ? std::log(value / low_) / std::log(high_ / low_)
                                      : (value - low_) / (high_ - low_);
    return from_ + std::clamp(share, 0.0, 1.0) * (to_ - from_);
}

std::vector<Tick> Scale::ticks(std::size_t count) const {
    std::vector<Tick> list;
    if (!logarithmic_) {
        const std::vector<double> values = round_ticks(low_, high_, count);
        double distance = values.size() > 1 ? values[1] - values[0] : high_ - low_;
        if (whole_) distance = std::max(1.0, std::round(distance));
        for (const double value : values) {
            if (whole_ && std::abs(value - std::round(value)) > 1e-9 * distance) continue;
            list.push_back({value, tick_label(value, distance)});
        }
        return list;
    }
    // 1, 2 and 5 times powers of ten; the powers alone over more than three decades.
    const bool many_decades = high_ / low_ > 1000.0;
    for (int power = -12; power <= 12; ++power) {
        for (const double factor : {1.0, 2.0, 5.0}) {
            const double value = factor * std::pow(10.0, power);
            const bool inside = value >= low_ * 0.999 && value <= high_ * 1.001;
            if (inside && (factor == 1.0 || !many_decades)) {
                list.push_back({value, tick_label(value, value)});
            }
        }
    }
    return list;
}

std::vector<double> round_ticks(double low, double high, std::size_t count) {
    require(low < high && count > 0, "round_ticks: ", count, " ticks from ", low, " to ", high,
            "; expected at least 1 tick and low < high");
    const double rough = (high - low) / static_cast<double>(count);
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    double distance = 10.0 * power;
    for (const double factor : {5.0, 2.0, 1.0}) {
        if (factor * power >= rough * 0.999) distance = factor * power;
    }
    std::vector<double> ticks;
    for (double i = std::ceil(low / distance - 1e-9); i * distance <= high + 1e-9 * distance; ++i) {
        ticks.push_back(i * distance + 0.0);  // turns -0.0 into 0.0
    }
    return ticks;
}

std::string tick_label(double value, double distance) {
    const double size = std::max(std::abs(value), distance);
    if (size != 0.0 && (size < 1e-4 || size >= 1e7)) return str_cat(value);
    const double decimals = std::ceil(-std::log10(distance) - 1e-9);
    if (decimals > 0.0) return format_fixed(value, static_cast<int>(decimals));
    const std::string digits = with_commas(static_cast<std::size_t>(std::llround(std::abs(value))));
    return value < 0.0 ? "-" + digits : digits;
}

}  // namespace digits
