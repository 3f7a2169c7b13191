#include "plot/terminal_plot.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "check.h"
#include "lines.h"
#include "training/metrics_text.h"

namespace digits {
namespace {

using testing::check;
using testing::check_contains;
using testing::check_equal;
using testing::lines_of;

// 10 columns beside the numbers: 20 dots of Braille across and 24 down. Column c has its dot in row
// 23/19 c, rounded: 0, 1 in the first character, 2, 4 in the second, where 3 joins them.
constexpr std::size_t narrow = 18;

TEST(a_falling_line_goes_from_the_upper_left_to_the_lower_right) {
    std::vector<double> values;
    for (int i = 0; i < 20; ++i) values.push_back(43 - i);
    const std::vector<std::string> lines = lines_of(draw_curve(values, ImageStyle::blocks, narrow));
    check_equal(lines.size(), 6u);
    check_equal(lines[0], "43.000 │⠑⢄");
    check(lines[5].starts_with("24.000 │"));
    check_equal(character_count(lines[5]), narrow);
    check_equal(lines[5].substr(lines[5].size() - 6), "⠘⢄");
}

TEST(in_ascii_a_character_has_two_dots) {
    std::vector<double> values;
    for (int i = 0; i < 12; ++i) values.push_back(43 - i);
    // Twelve columns for twelve rows of dots: a diagonal.
    check_equal(draw_curve(values, ImageStyle::ascii, 20),
                "43.000 |'.\n       |  '.\n       |    '.\n       |      '.\n       |        '.\n"
                "32.000 |          '.\n");
}

TEST(a_large_range_is_drawn_on_a_logarithmic_scale) {
    // 1, 1/10, 1/100 ...: a straight line, but only there.
    std::vector<double> powers;
    for (int i = 0; i < 12; ++i) powers.push_back(std::pow(10.0, -i / 4.0));
    const std::vector<std::string> lines = lines_of(draw_curve(powers, ImageStyle::ascii, 20));
    check_equal(lines[2], "       |    '.");
    powers.back() = 0.0;  // which has no logarithm
    check(lines_of(draw_curve(powers, ImageStyle::ascii, 20))[2] != lines[2]);
}

TEST(a_jump_is_joined_and_a_constant_is_a_line_in_the_middle) {
    const std::vector<double> jump{2, 2, 1, 1};
    const std::string drawing = draw_curve(jump, ImageStyle::ascii, 18);
    for (const std::string& line : lines_of(drawing)) check(line.size() > 10);
    const std::vector<std::string> lines =
        lines_of(draw_curve(std::vector<double>{5, 5}, ImageStyle::ascii, 18));
    check_equal(lines[3], "       |''''''''''");
}

TEST(values_that_are_not_finite_are_dropped_and_too_little_room_gives_nothing) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    check_equal(draw_curve({}, ImageStyle::blocks, 80), "");
    check_equal(draw_curve(std::vector<double>{nan}, ImageStyle::blocks, 80), "");
    check_equal(draw_curve(std::vector<double>{1, 2}, ImageStyle::blocks, 17), "");
    check_equal(draw_curve(std::vector<double>{2, nan, 1}, ImageStyle::ascii, 18),
                draw_curve(std::vector<double>{2, 1}, ImageStyle::ascii, 18));
    for (const std::string& line :
         lines_of(draw_curve(std::vector<double>{1, 2}, ImageStyle::color, 300))) {
        check(character_count(line) <= 68);
    }
}

}  // namespace
}  // namespace digits
