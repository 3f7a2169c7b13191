// The figures of chapter 4. Nothing in this file is needed to understand the chapter.
#pragma once

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "linalg/matrix.h"
#include "plot/plot.h"

namespace digits {

// The steps of gradient descent with one learning rate: the places, and the loss at each.
struct Walk {
    std::string name;
    std::vector<Point> places;
    std::vector<double> losses;
};

using LossOfTwo = std::function<double(double, double)>;

// The line on which the loss is `height`. On every ray from a place below that height, the loss
// rises; halving an interval finds where it passes the line. Beyond the plot there is a gap.
inline Series contour(const LossOfTwo& loss, Point below, double height, double low, double high) {
    Series line{"", {}, 0, "thin pale"};
    for (int i = 0; i <= 720; ++i) {
        const double angle = i * 3.14159265 / 360, gap = std::numeric_limits<double>::quiet_NaN();
        double near = 0.0, far = 20.0;
        const auto at = [&](double distance) {
            return Point{below.x + distance * std::cos(angle),
                         below.y + distance * std::sin(angle)};
        };
        for (int halved = 0; halved < 40; ++halved) {
            const double middle = (near + far) / 2;
            (loss(at(middle).x, at(middle).y) < height ? near : far) = middle;
        }
        const Point p = at(near);
        const bool inside = p.x > low && p.x < high && p.y > low && p.y < high;
        line.points.push_back(inside ? p : Point{gap, gap});
    }
    return line;
}

// Makes the places of a walk visible: a series of points with gaps between them is drawn as dots.
inline Series dots(const std::vector<Point>& places, std::size_t colour) {
    constexpr double gap = std::numeric_limits<double>::quiet_NaN();
    Series series{"", {}, colour};
    for (const Point& place : places) {
        series.points.push_back(place);
        series.points.push_back({gap, gap});
    }
    return series;
}

// Left the loss over one weight, right over two, each with the steps of two learning rates.
inline std::string draw_valley(const LossOfTwo& loss, const std::vector<Walk>& one,
                               const std::vector<Walk>& two) {
    Svg svg(720, 380, "The loss over one weight and over two, with the steps of descent");
    LinePlot slice{"One weight", Axis{"W(0, 2)", -0.6, 1.6}, Axis{"loss", 0.85, 1.25}, {}};
    slice.series.push_back({"", {}, 0, "pale"});
    for (double w = -0.55; w < 1.4; w += 0.025) slice.series[0].points.push_back({w, loss(0, w)});
    for (std::size_t i = 0; i < one.size(); ++i) {
        Series path{one[i].name, {}, 2 - i};
        for (std::size_t step = 0; step < one[i].places.size(); ++step) {
            path.points.push_back({one[i].places[step].y, one[i].losses[step]});
        }
        slice.series.push_back(path);
        slice.series.push_back(dots(path.points, path.colour));
    }
    draw(svg, {0, 0, 360, 380}, slice);

    constexpr double low = -1.0, high = 2.0;
    LinePlot map{
        "Two weights, from above", Axis{"W(0, 1)", low, high}, Axis{"W(0, 2)", low, high}, {}};
    for (const double height : {0.83, 0.9, 1.0, 1.2, 1.5, 1.8, 2.1, 2.4}) {
        map.series.push_back(contour(loss, {1.9, 1.9}, height, low, high));
    }
    for (std::size_t i = 0; i < two.size(); ++i) {
        map.series.push_back({two[i].name, two[i].places, 2 - i});
        map.series.push_back(dots(two[i].places, 2 - i));
    }
    draw(svg, {360, 0, 360, 380}, map);
    return svg.str();
}

inline std::string draw_losses(const std::vector<double>& losses, const std::vector<double>& slow) {
    LinePlot plot{"Softmax regression, batches of 128",
                  Axis{"images seen, in batches of 128"},
                  Axis{"loss", 0.0},
                  {{"each batch", {}, 0, "thin pale"}, {"mean of 50 batches", {}, 0}}};
    double sum = 0.0;
    for (std::size_t i = 0; i < losses.size(); ++i) {
        const double step = static_cast<double>(i + 1);
        if (i % 3 == 0) plot.series[0].points.push_back({step, losses[i]});
        sum += losses[i];
        if (i % 50 != 49) continue;
        plot.series[1].points.push_back({step - 25, sum / 50});
        sum = 0.0;
    }
    for (std::size_t i = 0; i < slow.size(); ++i) {
        const double place =
            static_cast<double>(losses.size() * i) / static_cast<double>(slow.size());
        plot.marks.push_back({{place, slow[i]}, i == 2 ? "all at once, a step an epoch" : ""});
    }
    return svg_of(plot, 720, 340);
}

inline std::string draw_weights(const Matrix& weight, std::size_t rows, std::size_t columns) {
    Svg svg(720, 336, "The weights of each class as images: blue speaks for it, orange against");
    for (std::size_t c = 0; c < weight.columns(); ++c) {
        Matrix image(rows, columns);
        for (std::size_t i = 0; i < weight.rows(); ++i) image.values()[i] = weight(i, c);
        const double left = 24.0 + 138.0 * static_cast<double>(c % 5);
        const double top = c < 5 ? 14.0 : 172.0;
        svg.pixels({left, top, 120, 120}, signed_pixels(image, 0.6));
        svg.words({left + 60, top + 138}, std::to_string(c), "label", Anchor::middle);
    }
    return svg.str();
}

}  // namespace digits
