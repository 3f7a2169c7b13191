#include "report/confusion_heatmap.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "plot/plot.h"
#include "util/text.h"

namespace digits {
namespace {

constexpr double width = 480.0, height = 502.0;
// With more classes a cell is a single pixel, and there is no animation.
constexpr std::size_t most_squares = 64;

// The layout of the cells. Axis titles and class labels are above and on the left.
class Grid {
public:
    explicit Grid(std::size_t classes)
        : classes_(classes), side_((width - left - 14.0) / static_cast<double>(classes)) {}

    double side() const { return side_; }
    Point corner(std::size_t actual, std::size_t predicted) const {
        return {left + side_ * static_cast<double>(predicted),
                top + side_ * static_cast<double>(actual)};
    }
    Box cell(std::size_t actual, std::size_t predicted) const {
        const Point at = corner(actual, predicted);
        const double gap = side_ > 8.0 ? 1.0 : 0.0;
        return {at.x, at.y, side_ - gap, side_ - gap};
    }
    Box whole() const {
        const double length = side_ * static_cast<double>(classes_);
        return {left, top, length, length};
    }

    // Axis titles, and as many class labels as fit.
    void frame(Svg& svg) const {
        const Box all = whole();
        svg.words({all.x + all.width / 2, top - 24}, "predicted", "label", Anchor::middle);
        svg.upward_words({16, all.y + all.height / 2}, "actual", "label");
        const std::string longest = str_cat(classes_ - 1);
        const std::size_t across = stride(8.0 * static_cast<double>(longest.size()) + 6.0);
        for (std::size_t c = 0; c < classes_; c += across) {
            const double middle = side_ * (static_cast<double>(c) + 0.5);
            svg.words({left + middle, top - 6}, str_cat(c), "small", Anchor::middle);
        }
        for (std::size_t c = 0; c < classes_; c += stride(13.0)) {
            const double middle = side_ * (static_cast<double>(c) + 0.5);
            svg.words({left - 8, top + middle + 4}, str_cat(c), "small", Anchor::end);
        }
    }

    // Below what is drawn for the cells that are not zero.
    void background(Svg& svg) const {
        std::vector<Point> corners;
        // Separate cells if there are few classes.
        for (std::size_t cell = 0; cell < classes_ * classes_ && classes_ <= few; ++cell) {
            corners.push_back(corner(cell / classes_, cell % classes_));
        }
        if (classes_ > few) {
            svg.rectangle(whole(), "grid", 0.3);
        } else {
            svg.squares(corners, cell(0, 0).width, "grid", 0.3);
        }
    }

private:
    static constexpr double left = 50.0, top = 72.0;
    static constexpr std::size_t few = 20;  // classes

    // The smallest distance, in cells, at which labels of this width do not overlap.
    std::size_t stride(double needed) const {
        return static_cast<std::size_t>(std::max(1.0, std::ceil(needed / side_)));
    }

    std::size_t classes_;
    double side_;
};

// Colour strength of each cell, 0 ... 1: its share of the row, for mistakes the cube root of that.
Matrix strengths(const ConfusionMatrix& matrix) {
    Matrix strength(matrix.classes(), matrix.classes());
    for (std::size_t actual = 0; actual < matrix.classes(); ++actual) {
        double row = 0.0;
        for (std::size_t c = 0; c < matrix.classes(); ++c) {
            row += static_cast<double>(matrix(actual, c));
        }
        for (std::size_t c = 0; c < matrix.classes() && row > 0.0; ++c) {
            const double share = static_cast<double>(matrix(actual, c)) / row;
            strength(actual, c) = static_cast<float>(c == actual ? share : std::cbrt(share));
        }
    }
    return strength;
}

const char* colour_of(std::size_t actual, std::size_t predicted) {
    return actual == predicted ? "s0" : "s1";
}

void draw_pixels(Svg& svg, const Grid& grid, Matrix strength) {
    for (std::size_t actual = 0; actual < strength.rows(); ++actual) {
        for (std::size_t c = 0; c < strength.columns(); ++c) {
            if (c != actual) strength(actual, c) = -strength(actual, c);
        }
    }
    svg.pixels(grid.whole(), signed_pixels(strength, 1.0));
}

void draw_cells(Svg& svg, const Grid& grid, const ConfusionMatrix& matrix) {
    const Matrix strength = strengths(matrix);
    if (matrix.classes() > most_squares) {
        draw_pixels(svg, grid, strength);
        return;
    }
    grid.background(svg);
    for (std::size_t actual = 0; actual < matrix.classes(); ++actual) {
        for (std::size_t c = 0; c < matrix.classes(); ++c) {
            if (matrix(actual, c) == 0) continue;
            const Box cell = grid.cell(actual, c);
            const double colour = static_cast<double>(strength(actual, c));
            svg.rectangle(cell, "paper");
            svg.rectangle(cell, colour_of(actual, c), std::max(0.06, colour));
            const std::string count = str_cat(matrix(actual, c));
            const bool small = grid.side() < 30.0;
            const double needed = (small ? 6.5 : 8.0) * static_cast<double>(count.size()) + 2.0;
            if (needed > grid.side() || grid.side() < 14.0) continue;
            svg.words({cell.x + cell.width / 2, cell.y + cell.height / 2 + 4.5}, count,
                      str_cat(small ? "small" : "count", colour > 0.55 ? " on" : ""),
                      Anchor::middle);
        }
    }
}

// The same without counts, and with cells of about equal strength merged into one path.
void draw_coarse_cells(Svg& svg, const Grid& grid, const ConfusionMatrix& matrix) {
    constexpr float levels = 12.0f;
    const Matrix strength = strengths(matrix);
    std::map<std::pair<std::string, int>, std::vector<Point>> corners;
    for (std::size_t actual = 0; actual < matrix.classes(); ++actual) {
        for (std::size_t c = 0; c < matrix.classes(); ++c) {
            if (matrix(actual, c) == 0) continue;
            const int level = std::max(1, static_cast<int>(strength(actual, c) * levels + 0.5f));
            corners[{colour_of(actual, c), level}].push_back(grid.corner(actual, c));
        }
    }
    grid.background(svg);
    for (const auto& [look, places] : corners) {
        svg.squares(places, grid.cell(0, 0).width, "paper");
        svg.squares(places, grid.cell(0, 0).width, look.first,
                    static_cast<double>(look.second) / static_cast<double>(levels));
    }
}

}  // namespace

Svg confusion_heatmap(const ConfusionMatrix& matrix) {
    const std::string title =
        str_cat("Confusion matrix of ", with_commas(matrix.total()), " test images");
    Svg svg(width, height, title);
    const Grid grid(matrix.classes());
    svg.words({50, 22}, title, "title");
    grid.frame(svg);
    draw_cells(svg, grid, matrix);
    return svg;
}

double Animation::seconds() const {
    return 0.6 * static_cast<double>(frames + 3);
}

double Animation::share(std::size_t slots) const {
    return 100.0 * static_cast<double>(slots) / static_cast<double>(frames + 3);
}

std::string Animation::rules() const {
    const std::string loop = format_fixed(seconds(), 1) + "s";
    std::string rules = str_cat(
        ".frame { opacity: 0; animation: frame ", loop, " step-end infinite }\n",
        ".frame.last { animation-name: last }\n.sweep { animation: sweep ", loop,
        " linear infinite }\n@keyframes frame { 0% { opacity: 1 } ", format_fixed(share(1), 3),
        "%, 100% { opacity: 0 } }\n@keyframes last { 0% { opacity: 1 } ", format_fixed(share(4), 3),
        "%, 100% { opacity: 0 } }\n@keyframes sweep { 0% { clip-path: inset(-4px 100% -4px 0) } ",
        format_fixed(share(frames), 3), "%, 100% { clip-path: inset(-4px -4px -4px 0) } }\n");
    for (std::size_t frame = 0; frame < frames; ++frame) {
        rules += str_cat(".frame", frame,
                         " { animation-delay: ", format_fixed(0.6 * static_cast<double>(frame), 1),
                         "s }\n");
    }
    const std::string_view still = ".frame, .sweep { animation: none } .frame.last { opacity: 1 }";
    return str_cat(rules, "@media (prefers-reduced-motion: reduce) { ", still, " }\n",
                   "@media print { ", still, " }\n");
}

std::vector<EpochConfusion> frames_of(std::span<const EpochConfusion> epochs) {
    constexpr std::size_t most = 12;
    if (!epochs.empty() && epochs[0].confusion.classes() > most_squares) return {};
    if (epochs.size() <= most) return {epochs.begin(), epochs.end()};
    std::vector<EpochConfusion> frames;
    for (std::size_t i = 0; i < most; ++i) {
        frames.push_back(epochs[i * (epochs.size() - 1) / (most - 1)]);
    }
    return frames;
}

Svg confusion_animation(std::span<const EpochConfusion> frames) {
    require(!frames.empty(), "confusion_animation: no frames; expected at least 1");
    Svg svg(width, height, "Confusion matrix of the validation images, epoch by epoch");
    svg.style(Animation{frames.size()}.rules());
    const Grid grid(frames[0].confusion.classes());
    for (std::size_t i = 0; i < frames.size(); ++i) {
        const auto& [epoch, confusion] = frames[i];
        svg.begin_group(str_cat("frame frame", i, i + 1 == frames.size() ? " last" : ""));
        // Opaque, in case a browser starts the frames at slightly different times.
        svg.rectangle({8, 6, width - 16, height - 12}, "paper");
        draw_coarse_cells(svg, grid, confusion);
        svg.words({50, 22}, str_cat("Epoch ", epoch, ": accuracy ", percent(confusion.accuracy())),
                  "title");
        svg.end_group();
    }
    grid.frame(svg);
    return svg;
}

}  // namespace digits
