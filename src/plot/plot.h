// Plots: line plots with axes and a legend, bar plots, histograms, and matrices as pixels.
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
    std::string name;           // in the legend; a series without one is not listed
    std::vector<Point> points;  // in axis units; one that is not finite leaves a gap
    std::size_t colour = 0;     // 0 to 5: Svg's s0 to s5
    std::string classes{};      // further classes of Svg: "pale", "thin"
};

// A dot with a label.
struct Mark {
    Point at;  // in axis units
    std::string words;
    Anchor anchor = Anchor::start;  // where the label starts, is centred or ends
};

struct LinePlot {
    std::string title;
    Axis x, y;
    std::vector<Series> series;
    std::vector<Mark> marks{};
};

// Draws the plot, labels included, into this part of the figure.
void draw(Svg& svg, const Box& box, const LinePlot& plot);

// The plot as an SVG file of its own.
std::string svg_of(const LinePlot& plot, double width = 720, double height = 400);

struct BarPlot {
    std::string title;
    std::string label;                 // of the value axis, with its unit
    std::vector<std::string> names;    // below the bars
    std::vector<double> values;        // not negative
    std::vector<std::string> words{};  // above the bars; may be empty
    std::size_t colour = 0;
    std::optional<double> high{};  // upper limit of the axis
};

void draw(Svg& svg, const Box& box, const BarPlot& plot);

// Counts the values in each of `bins` equal intervals of [low, high]. Values outside count in the
// first or the last bin, NaN in none.
std::vector<std::size_t> histogram(std::span<const float> values, double low, double high,
                                   std::size_t bins);

// Draws such counts as columns; the highest fills the height of the box. Heights are square roots
// of the counts, so that rare values stay visible beside a spike.
void draw_histogram(Svg& svg, const Box& box, std::span<const std::size_t> counts,
                    std::string_view classes);

// A PNG heatmap whose pixel in row r, column c shows values(r, c): white for 0, blue for positive
// and orange for negative values, at full strength from an absolute value of `largest` on.
std::vector<std::uint8_t> signed_pixels(const Matrix& values, double largest);

// A PNG image of ink on paper: 0 is white, 1 is black.
std::vector<std::uint8_t> ink_pixels(const Matrix& ink);

// The images with these indices as a grid, `per_row` side by side, with one pixel of white between
// and around them; ink is dark on white paper. The last row may be shorter.
GrayImage image_grid(const Dataset& data, std::span<const std::size_t> indices,
                     std::size_t per_row);

}  // namespace digits
