#include "cli/sweep/sweep_report.h"

#include <algorithm>
#include <cstdio>

#include "cli/terminal.h"
#include "plot/curve.h"
#include "plot/plot.h"
#include "util/file.h"
#include "util/text.h"

namespace digits {
namespace {

constexpr std::size_t rows_shown_while_running = 10;
constexpr std::size_t curves_in_colour = 5;
constexpr const char* heading = "validation    loss  epoch       time  settings\n";

std::string row_of(const Trial& trial) {
    const SweepResult& r = *trial.result;
    const std::string scores = r.validation_accuracy
                                   ? str_cat(pad_left(percent(*r.validation_accuracy), 10),
                                             pad_left(format_fixed(*r.validation_loss, 4), 8),
                                             pad_left(str_cat(r.best_epoch), 7))
                                   : pad_left("diverged", 10) + pad_left("", 15);
    return str_cat(scores, pad_left(duration(r.seconds), 11), "  ", trial.cell.varied, "\n");
}

}  // namespace

std::vector<const Trial*> ranking(const std::vector<Trial>& trials) {
    std::vector<const Trial*> finished;
    for (const Trial& trial : trials) {
        if (trial.result) finished.push_back(&trial);
    }
    std::ranges::stable_sort(
        finished, [](const Trial* a, const Trial* b) { return is_better(*a->result, *b->result); });
    return finished;
}

std::string table_of(const std::vector<Trial>& trials, std::size_t most) {
    const std::vector<const Trial*> best = ranking(trials);
    std::string table = heading;
    for (std::size_t i = 0; i < std::min(most, best.size()); ++i) table += row_of(*best[i]);
    return table;
}

void write_image(const std::filesystem::path& folder, const std::vector<Trial>& trials) {
    constexpr std::size_t most_points = 400;
    const std::vector<const Trial*> best = ranking(trials);
    LinePlot plot{str_cat("Loss of ", best.size(), best.size() == 1 ? " training" : " trainings"),
                  Axis{"step"},
                  Axis{"loss, smoothed", {}, {}, true},
                  {}};
    // Grey curves are drawn first, beneath the coloured ones.
    std::vector<std::size_t> order;
    for (std::size_t i = curves_in_colour; i < best.size(); ++i) order.push_back(i);
    for (std::size_t i = 0; i < std::min(curves_in_colour, best.size()); ++i) order.push_back(i);
    for (const std::size_t i : order) {
        const std::vector<Point> losses = read_losses(folder, best[i]->result->number);
        std::vector<double> values;
        for (const Point& point : losses) values.push_back(point.y);
        const std::vector<double> averages =
            moving_average(values, smoothing_window(values.size()));
        std::vector<Point> points;
        for (std::size_t s = 0; s < losses.size(); ++s)
            points.push_back({losses[s].x, averages[s]});
        const bool coloured = i < curves_in_colour;
        plot.series.push_back({coloured ? best[i]->cell.varied : "",
                               downsample(points, most_points), coloured ? i : 5,
                               coloured ? "" : "rest"});
    }
    // Limits the axis, so that an exploding loss does not squeeze the other curves together.
    constexpr double most_growth = 4.0;
    double first = 0.0;
    for (const Series& series : plot.series) {
        if (!series.points.empty()) first = std::max(first, series.points[0].y);
    }
    double highest = 0.0;
    for (const Series& series : plot.series) {
        for (const Point& point : series.points) highest = std::max(highest, point.y);
    }
    if (highest > most_growth * first) plot.y.high = most_growth * first;
    write_file(folder / "loss.svg", {svg_of(plot, 720, 480)});
}

void SweepProgress::clear() {
    if (can_redraw() && lines_ > 0) std::printf("\x1b[%zuA\x1b[J", lines_);
    lines_ = 0;
}

void SweepProgress::show(const Trial& last) {
    const auto done = static_cast<std::size_t>(
        std::ranges::count_if(trials_, [](const Trial& t) { return t.result.has_value(); }));
    const std::string count = str_cat(done, " of ", trials_.size(), " finished");
    if (can_redraw()) {
        clear();
        for (const std::string& line :
             split_lines(table_of(trials_, rows_shown_while_running) + count + "\n")) {
            // A longer line would wrap and could not be overwritten.
            std::printf("%s\n", line.substr(0, terminal_width() - 1).c_str());
            ++lines_;
        }
    } else {
        if (lines_++ == 0) std::printf("%s  %s", pad_left("", 20).c_str(), heading);
        std::printf("%s  %s", pad_left(count, 20).c_str(), row_of(last).c_str());
    }
    std::fflush(stdout);
}

}  // namespace digits
