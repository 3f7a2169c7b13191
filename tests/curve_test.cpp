#include "plot/curve.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "check.h"

namespace digits {
namespace {

using testing::check;
using testing::check_equal;
using testing::check_near;
using testing::check_throws;

TEST(a_moving_average_uses_fewer_neighbours_at_the_ends) {
    const std::vector<double> values{1, 2, 6, 3, 8};
    const std::vector<double> three = moving_average(values, 3);
    const double expected[] = {1, 3, 11.0 / 3, 17.0 / 3, 5.5};
    for (std::size_t i = 0; i < 5; ++i) check_near(three[i], expected[i], 1e-12);
    check_near(moving_average(values, 5)[2], 4, 1e-12);
    check(moving_average(values, 1) == values);
    check(moving_average({}, 3).empty());
    check_throws([] { moving_average({}, 0); }, "window of 0");
    check_equal(smoothing_window(10), 1u);
    check_equal(smoothing_window(4220), 85u);
}

TEST(a_moving_average_is_the_mean_of_each_window) {
    std::vector<double> values;
    for (std::size_t i = 0; i < 100; ++i) values.push_back(static_cast<double>(i * i % 37));
    for (const std::size_t window : {1u, 2u, 3u, 7u, 10u, 33u, 99u, 100u, 101u, 1000u}) {
        const std::vector<double> means = moving_average(values, window);
        for (std::size_t i = 0; i < values.size(); ++i) {
            const std::size_t reach = std::min((window - 1) / 2, i);
            const std::size_t end = std::min(i + reach + 1, values.size());
            double sum = 0.0;  // of small whole numbers: exact in any order
            for (std::size_t j = i - reach; j < end; ++j) sum += values[j];
            check_near(means[i], sum / static_cast<double>(end - (i - reach)), 0);
        }
    }
}

TEST(a_value_that_is_not_a_number_spoils_only_its_windows) {
    std::vector<double> values(50, 1.0);
    values[20] = std::numeric_limits<double>::quiet_NaN();
    values[30] = 1e300;
    const std::vector<double> means = moving_average(values, 5);
    for (std::size_t i = 0; i < values.size(); ++i) {
        check_equal(std::isnan(means[i]), i >= 18 && i <= 22);
        if (i < 18 || i > 32) check_near(means[i], 1.0, 0);
    }
}

TEST(a_moving_average_takes_no_longer_for_a_longer_window) {
    // A million values with a window of a fifth of them: 10^11 additions if each window were
    // summed by itself.
    const std::vector<double> values(1'000'000, 0.5);
    check_near(moving_average(values, 200'001)[700'000], 0.5, 1e-12);
}

TEST(a_short_curve_loses_only_points_that_are_not_finite) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const std::vector<Point> points{{1, 1}, {2, nan}, {3, 0}};
    const std::vector<Point> kept = downsample(points, 2);
    check_equal(kept.size(), 2u);
    check_equal(kept[1].x, 3.0);
}

TEST(downsampling_keeps_order_and_peaks_and_invents_no_points) {
    std::vector<Point> points;
    for (std::size_t i = 0; i < 10000; ++i) {
        const double x = static_cast<double>(i);
        points.push_back({x, i == 4321 ? 50.0 : i == 7777 ? -50.0 : std::sin(x)});
    }
    const std::vector<Point> kept = downsample(points, 400);
    check(kept.size() <= 400 && kept.size() > 300);
    check(std::ranges::is_sorted(kept, {}, &Point::x));
    const auto [lowest, highest] = std::ranges::minmax_element(kept, {}, &Point::y);
    check_equal(lowest->x, 7777.0);
    check_equal(highest->x, 4321.0);
    for (const Point& point : kept) {
        check_equal(point.y, points[static_cast<std::size_t>(point.x)].y);
    }
}

}  // namespace
}  // namespace digits
