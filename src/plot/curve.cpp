#include "plot/curve.h"

#include <algorithm>
#include <cmath>

#include "util/require.h"

namespace digits {

std::vector<double> moving_average(std::span<const double> values, std::size_t window) {
    require(window > 0, "moving_average: a window of 0 values; expected at least 1");
    std::vector<double> means;
    means.reserve(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::size_t reach = std::min((window - 1) / 2, i);
        const std::size_t end = std::min(i + reach + 1, values.size());
        double sum = 0.0;
        for (std::size_t j = i - reach; j < end; ++j) sum += values[j];
        means.push_back(sum / static_cast<double>(end - (i - reach)));
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
