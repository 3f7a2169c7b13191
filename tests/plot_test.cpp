#include "plot/plot.h"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "check.h"

namespace digits {
namespace {

using testing::check;
using testing::check_contains;
using testing::check_equal;
using testing::check_near;
using testing::check_throws;

std::size_t count(const std::string& words, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = words.find(part); at != std::string::npos; at = words.find(part, at + 1))
        ++found;
    return found;
}

TEST(ticks_are_round_numbers_within_the_limits) {
    check(round_ticks(0.0, 10.0, 5) == std::vector<double>{0, 2, 4, 6, 8, 10});
    const std::vector<double> ticks = round_ticks(-0.13, 0.21, 4);
    check_equal(ticks.size(), 4u);
    check_near(ticks.front(), -0.1, 1e-12);
    check_near(ticks.back(), 0.2, 1e-12);
    check(!std::signbit(round_ticks(0.0, 1.0, 5).front()));
    check(!round_ticks(0.0, 1.0, 1).empty());
    check_throws([] { round_ticks(0.0, 1.0, 0); }, "round_ticks: 0 ticks from 0 to 1");
}

TEST(tick_labels_have_enough_decimals_to_differ) {
    check_equal(tick_label(0.25, 0.05), "0.25");
    check_equal(tick_label(1.0, 0.5), "1.0");
    check_equal(tick_label(12000, 2000), "12,000");
    check_equal(tick_label(-20, 10), "-20");
    check_equal(tick_label(0.0, 0.1), "0.0");
}

TEST(a_scale_maps_ends_to_ends_and_a_logarithmic_one_the_geometric_mean_to_the_middle) {
    const Scale plain({"x", 0.0, 4.0}, 1.0, 2.0, 100.0, 200.0);
    check_near(plain(1.0), 125.0, 1e-12);
    check_near(plain(9.0), 200.0, 1e-12);  // beyond the limit
    const Scale logarithmic({"x", {}, {}, true}, 0.01, 100.0, 0.0, 10.0);
    check_near(logarithmic(1.0), 5.0, 1e-12);
    check_equal(logarithmic.ticks(5).size(), 5u);                 // 0.01, 0.1, 1, 10, 100
    check_near(Scale({}, 3.0, 3.0, 0.0, 10.0)(3.0), 5.0, 1e-12);  // a single value
}

TEST(a_curve_goes_through_its_points_and_breaks_at_nan) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const std::string svg = svg_of(
        {"", {"x", 0.0, 10.0}, {"y", 0.0, 10.0}, {{"", {{0, 0}, {10, 10}, {nan, 1}, {5, 5}}}}}, 282,
        260);
    // Inside are 200 x 200 units: from x 62 to 262 and from y 14 to 214, which grows downward.
    check_contains(svg, R"(<polyline class="line s0 " points="62,214 262,14"/>)");
    check_contains(svg, R"(<polyline class="line s0 " points="162,114"/>)");
    check_equal(count(svg, "<text class=\"title"), 0u);
    const std::string titled = svg_of({"Two", {"x"}, {"y"}, {{"", {{0, 0}, {1, 1}}}}}, 282, 282);
    check_contains(titled, R"(<text class="title" x="62" y="24">Two</text>)");
}

TEST(the_legend_lists_only_named_series_and_escapes_their_names) {
    const std::string svg =
        svg_of({"a < b", Axis{"x"}, Axis{"y"}, {{"R&D", {{0, 1}}}, {"", {{1, 2}}}}});
    check_contains(svg, "R&amp;D</text>");
    check_contains(svg, "<title>a &lt; b</title>");
    check_equal(count(svg, "R&amp;D"), 1u);
}

TEST(an_axis_has_at_least_three_ticks_and_integer_ones_on_request) {
    LinePlot plot;
    plot.x.whole = true;
    plot.series.push_back({"", {{1, 0}, {87, 1}}});
    // A tick at 50 alone would leave the scale to guesswork.
    check_contains(svg_of(plot, 480, 340), ">20</text>");
    plot.series[0].points[1].x = 3;
    const std::string epochs = svg_of(plot, 480, 340);
    for (const char* label : {">1</text>", ">2</text>", ">3</text>"}) {
        check_contains(epochs, label);
    }
    check_equal(count(epochs, ">1.5</text>"), 0u);
}

TEST(a_legend_too_long_for_one_line_wraps) {
    const std::string name = "a name of forty characters for a curve..";
    const std::string svg =
        svg_of({"", Axis{"x"}, Axis{"y"}, {{name, {{0, 1}}}, {name, {{1, 2}}}}}, 480, 340);
    // The name starts 24 units after the sample of its line, one entry in each of two lines.
    check_contains(svg, "x=\"86\" y=\"22\">" + name);
    check_contains(svg, "x=\"86\" y=\"42\">" + name);
}

TEST(a_plot_without_data_is_still_a_figure) {
    check_contains(svg_of({"empty", Axis{"x"}, Axis{"y"}, {}}), "</svg>");
    Svg svg(100, 100, "bars");
    draw(svg, {0, 0, 100, 100}, BarPlot{"", "", {}, {}});
    check_throws(
        [&] {
            draw(svg, {0, 0, 9, 9}, BarPlot{"", "", {"a"}, {}});
        },
        "0 bars but 1 names");
}

TEST(a_histogram_counts_values_outside_its_range_in_the_end_bins) {
    const std::vector<float> values{-5, 0, 0.1f, 0.6f, 1, 7, std::nanf("")};
    check(histogram(values, 0.0, 1.0, 2) == std::vector<std::size_t>{3, 3});
}

TEST(a_histogram_is_drawn_with_the_square_roots_of_its_counts) {
    Svg svg(100, 100, "");
    const std::vector<std::size_t> counts{1, 4};
    draw_histogram(svg, {0, 0, 20, 10}, counts, "s2");
    check_contains(svg.str(),
                   R"(<polygon class="area s2" points="0,10 0,5 10,5 10,0 20,0 20,10"/>)");
}

TEST(bars_are_as_high_as_their_values) {
    Svg svg(282, 274, "");
    draw(svg, {0, 0, 282, 260}, BarPlot{"", "count", {"a", "b"}, {5, 10}, {}, 1, 10.0});
    check_contains(svg.str(), R"(<rect class="area s1" x="76" y="114" width="72" height="100"/>)");
    check_contains(svg.str(), R"(<rect class="area s1" x="176" y="14" width="72" height="200"/>)");
    check_equal(count(svg.str(), "<text class=\"title"), 0u);
    draw(svg, {0, 0, 282, 260}, BarPlot{"How many", "count", {"a"}, {5}, {}, 1, 10.0});
    check_contains(svg.str(), R"(<text class="title" x="62" y="24">How many</text>)");
}

TEST(pixels_are_a_png_in_base64) {
    Svg svg(10, 10, "");
    const std::vector<std::uint8_t> bytes{'M', 'a', 'n', 'M', 'a'};
    svg.pixels({0, 0, 10, 10}, bytes);
    check_contains(svg.str(), "data:image/png;base64,TWFuTWE=\"");
}

TEST(signed_pixels_are_white_at_zero_and_coloured_at_both_ends) {
    const std::vector<std::uint8_t> png = signed_pixels(Matrix{{-2.0f, 0.0f, 1.0f}}, 1.0);
    const std::string file(png.begin(), png.end());
    const std::size_t palette = file.find("PLTE") + 4, row = file.find("IDAT") + 4 + 7 + 1;
    const auto colour = [&](std::size_t pixel) {
        const std::size_t entry = palette + 3 * std::size_t{png[row + pixel]};
        return std::vector<int>{png[entry], png[entry + 1], png[entry + 2]};
    };
    check(colour(0) == std::vector<int>{213, 94, 0});
    check(colour(1) == std::vector<int>{255, 255, 255});
    check(colour(2) == std::vector<int>{0, 90, 170});
}

}  // namespace
}  // namespace digits
