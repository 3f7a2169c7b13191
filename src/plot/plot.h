// Draws numbers: curves between two axes, bars, and matrices as coloured pixels.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "formats/image.h"
#include "linalg/matrix.h"
#include "plot/axis.h"
#include "plot/svg.h"

namespace digits {

struct Series {
    std::string name;           // for the legend; without one it is not in it
    std::vector<Point> points;  // in the units of the axes; what is not finite makes a gap
    std::size_t colour = 0;     // 0 to 5
    std::string classes{};      // more of Svg's: "pale", "thin"
};

// A dot with words beside it.
struct Mark {
    Point at;  // in the units of the axes
    std::string words;
    Anchor anchor = Anchor::start;  // where the words begin, lie or end
};

struct LinePlot {
    std::string title;
    Axis x, y;
    std::vector<Series> series;
    std::vector<Mark> marks{};
};

// Draws it into this part of the image, labels and all.
void draw(Svg& svg, const Box& box, const LinePlot& plot);

// An image of its own.
std::string svg_of(const LinePlot& plot, double width = 720, double height = 400);

struct BarPlot {
    std::string title;
    std::string label;                 // of the values, with their unit
    std::vector<std::string> names;    // beneath the bars
    std::vector<double> values;        // not negative
    std::vector<std::string> words{};  // above the bars; may be empty
    std::size_t colour = 0;
    std::optional<double> high{};  // where the axis ends
};

void draw(Svg& svg, const Box& box, const BarPlot& plot);

// How often values fall into each of `bins` equal parts of [low, high]; those outside count in the
// first or the last. Not-a-number is not counted.
std::vector<std::size_t> histogram(std::span<const float> values, double low, double high,
                                   std::size_t bins);

// Such counts as columns that fill the box, the highest its whole height. Heights are the roots of
// the counts, so that rare values can be seen beside a spike.
void draw_histogram(Svg& svg, const Box& box, std::span<const std::size_t> counts,
                    std::string_view classes);

// A PNG file in which row r, column c shows values(r, c): white for 0, the stronger the blue the
// nearer to `largest`, the stronger the orange the nearer to -largest.
std::vector<std::uint8_t> signed_pixels(const Matrix& values, double largest);

// A PNG file of ink on paper: 0 is white, 1 is black.
std::vector<std::uint8_t> ink_pixels(const Matrix& ink);

// The images with these indices as a page, `per_row` beside each other with one pixel of white
// between and around them; ink is dark on white paper. The last row may be shorter.
GrayImage image_grid(const Dataset& data, std::span<const std::size_t> indices,
                     std::size_t per_row);

}  // namespace digits
