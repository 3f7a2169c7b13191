// Walks through the rooms of the museum: trains each exhibit, puts the questions to it, and draws.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <string>
#include <vector>

#include "../shared.h"
#include "checks.h"
#include "data/dataset.h"
#include "mistakes.h"
#include "plot/plot.h"
#include "plot/terminal_image.h"
#include "rooms.h"
#include "util/random.h"

namespace digits {

// Mean and deviation of several values, as in chapter 10: "85.9 +- 0.4"; of one, only that.
inline std::string mean_shown(const std::vector<double>& values, int decimals = 1) {
    const auto count = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
    double squares = 0.0;
    for (const double value : values) squares += (value - mean) * (value - mean);
    if (values.size() == 1) return shown(mean, decimals);
    return str_cat(shown(mean, decimals), " +- ",
                   shown(std::sqrt(squares / (count - 1)), decimals));
}

struct Course {
    const Exhibit* exhibit;
    std::vector<double> losses{};  // of every batch, for the first seed
    std::vector<double> tests{};   // accuracy in %, of each seed
};

inline double accuracy_of(Model& model, const Dataset& data, bool raw) {
    forward(model, pixels_of(data, first_indices(data.size()), raw).input);
    return accuracy(model.layers.back().output, data.labels);
}

// The questions that say no, each with its answer: "first 80.33, ten 2.30".
inline std::string findings(const Model& model, const Batch& batch, const Batch& ten) {
    std::string line;
    const auto no = [&](std::string_view question, const std::string& answer) {
        line += str_cat(line.empty() ? "" : ", ", question, answer.empty() ? "" : " ", answer);
    };
    const auto largest = static_cast<double>(std::ranges::max(batch.input.values()));
    if (largest > 1.0) no("look", shown(largest, 0));
    Model copy = model;
    const double first = find_gradients(copy, batch);
    if (!begins_at_chance(first)) no("first", shown(first, first < 100 ? 2 : 1));
    const double by_heart = loss_by_heart(model, ten);
    if (!(by_heart < 0.5)) no("ten", shown(by_heart));
    const std::vector<double> errors = gradient_errors(model, batch);
    if (!are_right(errors)) no("dW", errors_shown(errors));
    if (others_changed(model, batch) > 0) no("others", "");
    if (!stands_still(model)) no("still", "");
    return line;
}

// Trains an exhibit, once for each of `seeds`, and prints its line.
inline Course visit(const Exhibit& exhibit, const TrainTest& data, std::size_t epochs,
                    std::uint64_t seed, std::size_t seeds) {
    const Mistakes& wrong = exhibit.wrong;
    const Dataset train = wrong.apart ? with_shuffled_labels(data.train) : data.train;
    const Dataset test = wrong.apart_in_test ? with_shuffled_labels(data.test) : data.test;
    const BatchSampler order(train.size(), 128);  // not shuffled: the order of the file
    Course course{&exhibit};
    std::string no;
    double loss = 0.0, training = 0.0;
    for (std::size_t run = 0; run < seeds; ++run) {
        Model model = make_model(train, exhibit.design, wrong, seed + run);
        if (run == 0) {
            no = findings(model, pixels_of(train, order.batch(0), wrong.raw),
                          pixels_of(train, first_indices(10), wrong.raw));
        }
        for (std::size_t epoch = 0; epoch < epochs; ++epoch) {
            double sum = 0.0;
            for (std::size_t b = 0; b < order.batches(); ++b) {
                const double now =
                    find_gradients(model, pixels_of(train, order.batch(b), wrong.raw));
                descend(model);
                if (run == 0) course.losses.push_back(now);
                sum += now;
            }
            if (run == 0) loss = sum / static_cast<double>(order.batches());
        }
        course.tests.push_back(accuracy_of(model, test, wrong.raw_in_test));
        if (run > 0) continue;
        training = accuracy_of(model, train, wrong.raw);
        const double as_test = accuracy_of(
            model, wrong.apart_in_test ? with_shuffled_labels(train) : train, wrong.raw_in_test);
        if (as_test != training)
            no += str_cat(no.empty() ? "" : ", ", "as test ", shown(as_test, 1));
    }
    std::printf("%-22s%7s %6s %-12s%s\n", exhibit.name, shown(loss, loss < 1000 ? 2 : 0).c_str(),
                shown(training, 1).c_str(), mean_shown(course.tests).c_str(),
                no.empty() ? "-" : no.c_str());
    return course;
}

// Room 2: two images, their labels, and the labels they get when these are shuffled apart.
inline void show_images(const Dataset& train) {
    const Dataset apart = with_shuffled_labels(train);
    std::vector<CaptionedImage> images;
    for (const std::size_t i : {0u, 2u}) {
        images.push_back({train.rows, train.columns, train.image(i),
                          str_cat(int{train.labels[i]}, "; apart: ", int{apart.labels[i]})});
    }
    std::printf("%s", draw_images(images, ImageStyle::blocks, 80).c_str());
}

// Room 8: a thousand programs that roll dice, and the best of them on a hundred test images.
// Returns how many of the hundred it has right, and its share of the others in %.
inline std::pair<std::size_t, double> choose_by_test(const Dataset& test) {
    std::size_t best = 0, its_others = 0;
    for (std::uint64_t program = 0; program < 1000; ++program) {
        Random dice(1, program);
        std::size_t right = 0, others = 0;
        for (std::size_t i = 0; i < test.size(); ++i) {
            (i < 100 ? right : others) += dice.below(10) == test.labels[i];
        }
        if (right > best) best = right, its_others = others;
    }
    return {best, 100.0 * static_cast<double>(its_others) / static_cast<double>(test.size() - 100)};
}

inline std::string draw_staircase(const std::vector<Course>& courses) {
    Svg svg(940, 300, "Accuracy of three networks as their mistakes are mended one by one");
    const char* const titles[] = {"tanh 64", "sigmoid 64", "relu 256-64"};
    const std::vector<std::string> all{"as it was", "softmax", "slope", "momentum"};
    const std::vector<std::string> without_slope{"as it was", "softmax", "momentum"};
    for (std::size_t panel = 0; panel < 3; ++panel) {
        BarPlot plot{titles[panel], panel == 0 ? "test accuracy, %" : "", {}, {}, {}, panel, 100.0};
        plot.names = panel < 2 ? all : without_slope;
        for (std::size_t i = 0; i < plot.names.size(); ++i) {
            const std::vector<double>& tests = courses[4 * panel + i].tests;
            plot.values.push_back(std::accumulate(tests.begin(), tests.end(), 0.0) /
                                  static_cast<double>(tests.size()));
            plot.words.push_back(shown(plot.values.back(), 1));
        }
        draw(svg, {335.0 * static_cast<double>(panel), 0, panel == 2 ? 270.0 : 335.0, 300}, plot);
    }
    return svg.str();
}

// The loss of each image, so that a sum is divided by 128.
inline std::string draw_losses(const std::vector<Course>& courses) {
    const double chance = std::log(10.0);
    LinePlot plot{"Losses of the museum",
                  Axis{"step", 0, 480, false, true},
                  Axis{"loss of an image, mean of 10 batches", 0.5, 500, true},
                  {}};
    for (const char* const name :
         {"together", "apart", "sum, rate 0.1", "transposed", "relu, raw"}) {
        for (const Course& course : courses) {
            if (course.exhibit->name != std::string_view(name)) continue;
            Series series{name, {}, plot.series.size()};
            const double images = course.exhibit->wrong.summed ? 128.0 : 1.0;
            for (std::size_t i = 0; i + 10 <= course.losses.size(); i += 10) {
                const double* const begin = course.losses.data() + i;
                series.points.push_back({static_cast<double>(i + 5),
                                         std::accumulate(begin, begin + 10, 0.0) / 10 / images});
            }
            plot.series.push_back(series);
        }
    }
    plot.series.push_back({"log 10 = 2.3026", {{0, chance}, {480, chance}}, 5, "dashed"});
    return svg_of(plot, 720, 380);
}

}  // namespace digits
