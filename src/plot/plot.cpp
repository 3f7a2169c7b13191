#include "plot/plot.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "formats/png_writer.h"
#include "util/require.h"
#include "util/sizes.h"
#include "util/text.h"

namespace digits {
namespace {

struct Range {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();

    void include(double value) {
        if (!std::isfinite(value)) return;
        low = std::min(low, value);
        high = std::max(high, value);
    }
};

std::string colour_class(std::size_t colour) {
    return str_cat("s", colour % 6);
}

constexpr double legend_line = 20.0;

bool has_name(const Series& series) {
    return !series.name.empty();
}

// The position of each legend entry, from (0, 0) on; an entry that would end beyond `width` starts
// a new line.
std::vector<Point> legend_places(const std::vector<Series>& series, double width) {
    std::vector<Point> places;
    Point at;
    for (const Series& one : series) {
        const double length = 24.0 + 6.9 * static_cast<double>(character_count(one.name)) + 18.0;
        if (has_name(one) && at.x > 0.0 && at.x + length - 18.0 > width) {
            at = {0.0, at.y + legend_line};
        }
        places.push_back(at);
        if (has_name(one)) at.x += length;
    }
    return places;
}

double legend_height(const std::vector<Series>& series, double width) {
    if (std::ranges::none_of(series, has_name)) return 0.0;
    return legend_places(series, width).back().y + legend_line;
}

void draw_legend(Svg& svg, Point corner, double width, const std::vector<Series>& series) {
    const std::vector<Point> places = legend_places(series, width);
    for (std::size_t i = 0; i < series.size(); ++i) {
        if (!has_name(series[i])) continue;
        const Point at{corner.x + places[i].x, corner.y + places[i].y};
        svg.line({at.x, at.y - 4}, {at.x + 18, at.y - 4},
                 colour_class(series[i].colour) + " " + series[i].classes);
        svg.words({at.x + 24, at.y}, series[i].name, "small");
    }
}

// As many ticks as there is room for, or more where that gives fewer than three: one or two round
// numbers leave a reader guessing what lies between them.
std::vector<Tick> ticks_of(const Scale& scale, double length, double each) {
    constexpr std::size_t fewest = 3;
    const auto room = static_cast<std::size_t>(std::max(2.0, length / each));
    std::vector<Tick> ticks = scale.ticks(room);
    for (std::size_t more = room + 1; ticks.size() < fewest && more < 3 * room; ++more) {
        ticks = scale.ticks(more);
    }
    return ticks;
}

// The part of a plot's box for the data: without title, legend and axis labels.
Box inside_of(const Box& box, bool has_title, const std::vector<Series>& series = {}) {
    const double width = box.width - 62 - 20;
    const double top = 14.0 + (has_title ? 22.0 : 0.0) + legend_height(series, width);
    return {box.x + 62, box.y + top, width, box.height - top - 46};
}

}  // namespace

void draw(Svg& svg, const Box& box, const LinePlot& plot) {
    Range x, y;
    for (const Series& series : plot.series) {
        for (const Point& point : series.points) {
            x.include(point.x);
            y.include(point.y);
        }
    }
    const Box inside = inside_of(box, !plot.title.empty(), plot.series);
    const Scale across(plot.x, x.low, x.high, inside.x, inside.right());
    const Scale up(plot.y, y.low, y.high, inside.bottom(), inside.y);

    if (!plot.title.empty()) svg.words({inside.x, box.y + 24}, plot.title, "title");
    const double above = legend_height(plot.series, inside.width) - legend_line + 12.0;
    draw_legend(svg, {inside.x, inside.y - above}, inside.width, plot.series);
    for (const auto& [value, label] : ticks_of(up, inside.height, 45)) {
        svg.line({inside.x, up(value)}, {inside.right(), up(value)}, "grid");
        svg.words({inside.x - 8, up(value) + 4}, label, "small", Anchor::end);
    }
    for (const auto& [value, label] : ticks_of(across, inside.width, 90)) {
        svg.line({across(value), inside.bottom()}, {across(value), inside.bottom() + 4}, "faint");
        svg.words({across(value), inside.bottom() + 17}, label, "small", Anchor::middle);
    }
    svg.line({inside.x, inside.bottom()}, {inside.right(), inside.bottom()}, "faint");
    svg.words({inside.x + inside.width / 2, box.bottom() - 10}, plot.x.label, "label",
              Anchor::middle);
    svg.upward_words({box.x + 18, inside.y + inside.height / 2}, plot.y.label, "label");

    for (const Series& series : plot.series) {
        std::vector<Point> segment;
        const auto finish = [&] {
            const std::string classes = colour_class(series.colour) + " " + series.classes;
            if (!segment.empty()) svg.polyline(segment, classes);
            if (segment.size() == 1)
                svg.dot(segment[0], 3, classes);  // a line of one point is invisible
            segment.clear();
        };
        for (const Point& point : series.points) {
            if (std::isfinite(point.x) && std::isfinite(point.y)) {
                segment.push_back({across(point.x), up(point.y)});
            } else {
                finish();
            }
        }
        finish();
    }
    for (const auto& [at, words, anchor] : plot.marks) {
        const Point place{across(at.x), up(at.y)};
        const double aside = anchor == Anchor::start ? 6 : anchor == Anchor::end ? -6 : 0;
        svg.dot(place, 4, "s1");
        svg.words({place.x + aside, place.y - 9}, words, "label", anchor);
    }
}

std::string svg_of(const LinePlot& plot, double width, double height) {
    Svg svg(width, height, plot.title);
    draw(svg, {0, 0, width, height}, plot);
    return svg.str();
}

void draw(Svg& svg, const Box& box, const BarPlot& plot) {
    require(plot.names.size() == plot.values.size(), "bar plot: ", plot.values.size(), " bars but ",
            plot.names.size(), " names");
    Range y;
    y.include(0.0);
    for (const double value : plot.values) y.include(value);
    const Box inside = inside_of(box, !plot.title.empty());
    const Scale up({plot.label, 0.0, plot.high, false}, 0.0, y.high * 1.08, inside.bottom(),
                   inside.y);
    if (!plot.title.empty()) svg.words({inside.x, box.y + 24}, plot.title, "title");
    for (const auto& [value, label] :
         up.ticks(static_cast<std::size_t>(std::max(2.0, inside.height / 45)))) {
        svg.line({inside.x, up(value)}, {inside.right(), up(value)}, "grid");
        svg.words({inside.x - 8, up(value) + 4}, label, "small", Anchor::end);
    }
    const double step =
        inside.width / static_cast<double>(std::max<std::size_t>(1, plot.values.size()));
    for (std::size_t i = 0; i < plot.values.size(); ++i) {
        const double left = inside.x + step * (static_cast<double>(i) + 0.14);
        const double top = up(plot.values[i]);
        svg.rectangle({left, top, step * 0.72, inside.bottom() - top}, colour_class(plot.colour));
        const double middle = left + step * 0.36;
        svg.words({middle, inside.bottom() + 17}, plot.names[i], "small", Anchor::middle);
        if (i < plot.words.size()) {
            svg.words({middle, top - 5}, plot.words[i], "small", Anchor::middle);
        }
    }
    svg.line({inside.x, inside.bottom()}, {inside.right(), inside.bottom()}, "faint");
    svg.upward_words({box.x + 18, inside.y + inside.height / 2}, plot.label, "label");
}

std::vector<std::size_t> histogram(std::span<const float> values, double low, double high,
                                   std::size_t bins) {
    require(bins > 0 && low < high, "histogram: ", bins, " bins from ", low, " to ", high,
            "; expected at least 1 bin and low < high");
    std::vector<std::size_t> counts(bins, 0);
    for (const float value : values) {
        const double share = (static_cast<double>(value) - low) / (high - low);
        if (std::isnan(share)) continue;
        const double bin =
            std::clamp(share * static_cast<double>(bins), 0.0, static_cast<double>(bins - 1));
        ++counts[static_cast<std::size_t>(bin)];
    }
    return counts;
}

void draw_histogram(Svg& svg, const Box& box, std::span<const std::size_t> counts,
                    std::string_view classes) {
    std::size_t most = 1;
    for (const std::size_t count : counts) most = std::max(most, count);
    const double width = box.width / static_cast<double>(counts.size());
    std::vector<Point> outline{{box.x, box.bottom()}};
    for (const std::size_t count : counts) {
        const double share = static_cast<double>(count) / static_cast<double>(most);
        const double top = box.bottom() - box.height * std::sqrt(share);
        outline.push_back({outline.back().x, top});
        outline.push_back({outline.back().x + width, top});
    }
    outline.push_back({box.right(), box.bottom()});
    svg.area(outline, classes);
    svg.line({box.x, box.bottom()}, {box.right(), box.bottom()}, "faint");
}

std::vector<std::uint8_t> signed_pixels(const Matrix& values, double largest) {
    require(largest > 0.0, "signed_pixels: the largest value is ", largest, " but must be above 0");
    PaletteImage image{values.columns(), values.rows(), {}, {}};
    constexpr double blue[] = {0, 90, 170}, orange[] = {213, 94, 0};
    for (std::size_t i = 0; i < 256; ++i) {
        const double share = (static_cast<double>(i) - 128.0) / 127.0;
        const double* const ink = share < 0.0 ? orange : blue;
        for (std::size_t c = 0; c < 3; ++c) {
            const double light = 255.0 + (ink[c] - 255.0) * std::min(1.0, std::abs(share));
            image.palette[i][c] = static_cast<std::uint8_t>(std::lround(light));
        }
    }
    for (const float value : values.values()) {
        const double share = std::clamp(static_cast<double>(value) / largest, -1.0, 1.0);
        image.pixels.push_back(static_cast<std::uint8_t>(std::lround(128.0 + 127.0 * share)));
    }
    return encode_png(image);
}

std::vector<std::uint8_t> ink_pixels(const Matrix& ink) {
    GrayImage image{ink.columns(), ink.rows(), {}};
    for (const float value : ink.values()) {
        const double light = 255.0 * (1.0 - std::clamp(static_cast<double>(value), 0.0, 1.0));
        image.pixels.push_back(static_cast<std::uint8_t>(std::lround(light)));
    }
    return encode_png(image);
}

GrayImage image_grid(const Dataset& data, std::span<const std::size_t> indices,
                     std::size_t per_row) {
    require(!indices.empty() && per_row > 0,
            "image_grid: no images, or none per row; expected at least 1 of both");
    const std::size_t across = std::min(per_row, indices.size());
    const std::size_t down = ceil_div(indices.size(), per_row);
    GrayImage grid;
    grid.width = across * (data.columns + 1) + 1;
    grid.height = down * (data.rows + 1) + 1;
    grid.pixels.assign(grid.width * grid.height, 255);
    for (std::size_t i = 0; i < indices.size(); ++i) {
        require(indices[i] < data.size(), "image_grid: index ", indices[i], " in a data set of ",
                data.size(), " images");
        const auto ink = data.image(indices[i]);
        const std::size_t left = i % per_row * (data.columns + 1) + 1;
        const std::size_t top = i / per_row * (data.rows + 1) + 1;
        for (std::size_t p = 0; p < ink.size(); ++p) {
            const std::size_t x = left + p % data.columns, y = top + p / data.columns;
            grid.pixels[y * grid.width + x] = static_cast<std::uint8_t>(255 - ink[p]);
        }
    }
    return grid;
}

}  // namespace digits
