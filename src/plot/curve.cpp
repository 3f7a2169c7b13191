#include "plot/curve.h"

#include <algorithm>
#include <cmath>

#include "util/require.h"

namespace digits {

std::vector<double> moving_average(std::span<const double> values, std::size_t window) {
    require(window > 0, "moving_average: a window of 0 values; expected at least 1");
    // Sums from the beginning of each block of values, and to its end. A window is as long as a
    // block or shorter, so it lies in one or two: its sum is that of the end of one and of the
    // beginning of the next. This takes two additions for each value, however long the window, and
    // subtracts nothing, so a value that is huge or not a number is lost as soon as it is left.
    const std::size_t count = values.size(), reach = (window - 1) / 2, block = 2 * reach + 1;
    std::vector<double> from_begin(values.begin(), values.end()), to_end = from_begin;
    for (std::size_t i = 1; i < count; ++i) {
        if (i % block != 0) from_begin[i] += from_begin[i - 1];
        if ((count - i) % block != 0) to_end[count - i - 1] += to_end[count - i];
    }
    std::vector<double> means;
    means.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t begin = i - std::min(reach, i);
        const std::size_t last = std::min(2 * i - begin, count - 1);
        // A window within one block begins at the beginning of all values or ends with its block.
        const double sum = begin == 0                      ? from_begin[last]
                           : begin / block == last / block ? to_end[begin]
                                                           : to_end[begin] + from_begin[last];
        means.push_back(sum / static_cast<double>(last - begin + 1));
    }
    return means;
}

std::size_t smoothing_window(std::size_t steps) {
    return steps / 50 / 2 * 2 + 1;  // odd, so that it has a middle value
}

std::vector<Point> downsample(std::span<const Point> all, std::size_t most) {
    require(most >= 2, "downsample: to ", most, " points; expected at least 2");
    std::vector<Point> points;
    std::ranges::copy_if(all, std::back_inserter(points), [](const Point& point) {
        return std::isfinite(point.x) && std::isfinite(point.y);
    });
    if (points.size() <= most) return points;
    std::vector<Point> kept;
    const std::size_t buckets = most / 2;
    for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
        const auto at = [&](std::size_t edge) {
            return points.begin() + static_cast<std::ptrdiff_t>(edge * points.size() / buckets);
        };
        const auto [lowest, highest] = std::minmax_element(
            at(bucket), at(bucket + 1), [](const Point& a, const Point& b) { return a.y < b.y; });
        kept.push_back(*std::min(lowest, highest));
        if (lowest != highest) kept.push_back(*std::max(lowest, highest));
    }
    return kept;
}

}  // namespace digits
