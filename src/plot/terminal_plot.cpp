#include "plot/terminal_plot.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "util/require.h"
#include "util/text.h"

namespace digits {
namespace {

constexpr std::size_t most_columns = 60, fewest_columns = 10, lines = 6;
constexpr double log_scale_ratio = 5.0;  // highest : lowest, above which the scale is logarithmic

// Unicode's Braille block, from U+2800 on, has a character for each of the 256 patterns of 8 dots.
// The bits of the dots, row by row, the left one and the right one:
constexpr unsigned braille_bits[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

std::string braille(unsigned dots) {
    const unsigned code = 0x2800 + dots;  // as UTF-8, in three bytes
    return {static_cast<char>(0xe0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 0x3f)),
            static_cast<char>(0x80 | (code & 0x3f))};
}

// A grid of dots, `across` x `down` in each character.
struct Dots {
    std::size_t across, down, columns;
    std::vector<bool> set;  // row after row, the top one first

    std::size_t width() const { return across * columns; }
    std::size_t height() const { return down * lines; }
    std::vector<bool>::reference at(std::size_t row, std::size_t column) {
        return set[row * width() + column];
    }
};

// Means of consecutive groups of values of about equal size, one for each column.
std::vector<double> column_means(std::span<const double> values, std::size_t columns) {
    std::vector<double> means;
    for (std::size_t c = 0; c < columns; ++c) {
        const std::size_t begin = c * values.size() / columns;
        const std::size_t end = std::max(begin + 1, (c + 1) * values.size() / columns);
        double sum = 0.0;
        for (std::size_t i = begin; i < end; ++i) sum += values[i];
        means.push_back(sum / static_cast<double>(end - begin));
    }
    return means;
}

// One dot for each column, and the dots between it and the previous one, so that the curve is
// connected.
void draw(Dots& dots, const std::vector<double>& heights) {
    const double top = static_cast<double>(dots.height() - 1);
    std::size_t previous = 0;
    for (std::size_t column = 0; column < heights.size(); ++column) {
        const auto row = static_cast<std::size_t>(std::lround((1.0 - heights[column]) * top));
        if (column == 0) previous = row;
        std::size_t from = row, to = row;
        if (previous < row) from = previous + 1;
        if (previous > row) to = previous - 1;
        for (std::size_t r = from; r <= to; ++r) dots.at(r, column) = true;
        previous = row;
    }
}

std::string characters(Dots& dots, std::size_t line, bool ascii) {
    std::string result;
    for (std::size_t c = 0; c < dots.columns; ++c) {
        if (ascii) {
            const bool upper = dots.at(2 * line, c), lower = dots.at(2 * line + 1, c);
            result += upper && lower ? ':' : upper ? '\'' : lower ? '.' : ' ';
            continue;
        }
        unsigned pattern = 0;
        for (std::size_t row = 0; row < 4; ++row) {
            for (std::size_t column = 0; column < 2; ++column) {
                if (dots.at(4 * line + row, 2 * c + column)) pattern |= braille_bits[row][column];
            }
        }
        result += pattern == 0 ? " " : braille(pattern);
    }
    return result.substr(0, result.find_last_not_of(' ') + 1);
}

}  // namespace

std::string draw_curve(std::span<const double> all, ImageStyle style, std::size_t width) {
    std::vector<double> values;
    std::ranges::copy_if(all, std::back_inserter(values),
                         [](double v) { return std::isfinite(v); });
    const bool ascii = style == ImageStyle::ascii;
    constexpr std::size_t label = 8;  // characters, the axis included
    const std::size_t columns = std::min(most_columns, width > label ? width - label : 0);
    if (values.empty() || columns < fewest_columns) return "";

    Dots dots{ascii ? 1u : 2u, ascii ? 2u : 4u, columns, {}};
    dots.set.resize(dots.width() * dots.height());
    std::vector<double> means = column_means(values, dots.width());
    const auto [low, high] = std::ranges::minmax(means);
    const bool logarithmic = low > 0.0 && high > log_scale_ratio * low;
    for (double& mean : means) {
        const double share =
            logarithmic ? std::log(mean / low) / std::log(high / low) : (mean - low) / (high - low);
        mean = high > low ? std::clamp(share, 0.0, 1.0) : 0.5;
    }
    draw(dots, means);

    std::string plot;
    for (std::size_t line = 0; line < lines; ++line) {
        const bool has_label = line == 0 || line + 1 == lines;
        const std::string number = has_label ? format_fixed(line == 0 ? high : low, 3) : "";
        plot += str_cat(pad_left(number, label - 2), ascii ? " |" : " │",
                        characters(dots, line, ascii), "\n");
    }
    return plot;
}

}  // namespace digits
