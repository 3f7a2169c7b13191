// Chapter 13: a museum of real mistakes, their symptoms, and the checks that expose them.
#include <algorithm>
#include <cstdio>
#include <numeric>
#include <string>
#include <vector>

#include "../book.h"
#include "../shared.h"
#include "checks.h"
#include "data/dataset.h"
#include "linalg/matrix.h"
#include "mistakes.h"
#include "plot/plot.h"
#include "plot/terminal_image.h"
#include "rooms.h"
#include "util/random.h"

namespace digits {
namespace {

struct Course {
    const Exhibit* exhibit;
    std::vector<double> losses;  // of every batch
    double test;                 // accuracy, %
};

double accuracy_of(Model& model, const Dataset& data, bool raw) {
    forward(model, pixels_of(data, first_indices(data.size()), raw).input);
    return accuracy(model.layers.back().output, data.labels);
}

// Trains one exhibit and prints its line: the result of the training, then that of the checks,
// which were made before it.
Course visit(const Exhibit& exhibit, const TrainTest& data, std::size_t epochs,
             std::uint64_t seed) {
    const Mistakes& wrong = exhibit.wrong;
    const Dataset train = wrong.apart ? with_shuffled_labels(data.train) : data.train;
    const Dataset test = wrong.apart_in_test ? with_shuffled_labels(data.test) : data.test;
    const BatchSampler order(train.size(), 128);  // not shuffled: the order of the file
    Model model = make_model(train, exhibit.design, wrong, seed);

    Batch batch = pixels_of(train, order.batch(0), wrong.raw);
    const std::string findings =
        examine(model, batch, pixels_of(train, first_indices(10), wrong.raw));
    Course course{&exhibit, {}, 0.0};
    double sum = 0.0;
    for (std::size_t epoch = 0; epoch < epochs; ++epoch) {
        sum = 0.0;
        for (std::size_t b = 0; b < order.batches(); ++b) {
            batch = pixels_of(train, order.batch(b), wrong.raw);
            course.losses.push_back(find_gradients(model, batch));
            descend(model);
            sum += course.losses.back();
        }
    }
    const double training = accuracy_of(model, train, wrong.raw);
    const double as_test = accuracy_of(
        model, wrong.apart_in_test ? with_shuffled_labels(train) : train, wrong.raw_in_test);
    course.test = accuracy_of(model, test, wrong.raw_in_test);
    std::printf("%-24s%8s %8.1f %9s %7.1f   %s\n", exhibit.name,
                verdict("%.2f", sum / static_cast<double>(order.batches()), true).c_str(), training,
                verdict("%.1f", as_test, as_test == training).c_str(), course.test,
                findings.c_str());
    return course;
}

// Room 2: three images, their labels, and the labels they get when these are shuffled apart.
void show_images(const Dataset& train) {
    const Dataset apart = with_shuffled_labels(train);
    std::vector<CaptionedImage> images;
    for (std::size_t i = 0; i < 3; ++i) {
        images.push_back({train.rows, train.columns, train.image(i),
                          str_cat(int{train.labels[i]}, "; apart: ", int{apart.labels[i]})});
    }
    std::printf("%s", draw_images(images, ImageStyle::blocks, 100).c_str());
}

// Room 8: a thousand programs that roll dice, and the best of them on a hundred test images.
void choose_by_test(Chapter& book, const Dataset& test) {
    std::size_t best = 0, its_others = 0;
    for (std::uint64_t program = 0; program < 1000; ++program) {
        Random dice(1, program);
        std::size_t right = 0, others = 0;
        for (std::size_t i = 0; i < test.size(); ++i) {
            (i < 100 ? right : others) += dice.below(10) == test.labels[i];
        }
        if (right > best) best = right, its_others = others;
    }
    const double elsewhere =
        100.0 * static_cast<double>(its_others) / static_cast<double>(test.size() - 100);
    std::printf("the best of 1,000 dice, on the 100 images that chose it: %zu %%\n", best);
    std::printf("on the others: %.1f %%\n", elsewhere);
    book.claim(best > 17 && elsewhere < 11, "dice that were chosen look like readers");
}

std::string draw_staircase(const std::vector<Course>& courses) {
    Svg svg(760, 300, "Accuracy of three networks as their mistakes are mended one by one");
    const char* const titles[] = {"tanh 64", "sigmoid 64", "relu 256, 64"};
    const std::vector<std::string> all{"before", "softmax", "slope", "0.9"};
    const std::vector<std::string> without_slope{"before", "softmax", "0.9"};
    for (std::size_t panel = 0; panel < 3; ++panel) {
        BarPlot plot{titles[panel], panel == 0 ? "test accuracy, %" : "", {}, {}, {}, panel, 100.0};
        plot.names = panel < 2 ? all : without_slope;
        for (std::size_t i = 0; i < plot.names.size(); ++i) {
            plot.values.push_back(courses[4 * panel + i].test);
            plot.words.push_back(verdict("%.1f", plot.values.back(), true));
        }
        draw(svg, {270.0 * static_cast<double>(panel), 0, panel == 2 ? 220.0 : 270.0, 300}, plot);
    }
    return svg.str();
}

std::string draw_losses(const std::vector<Course>& courses) {
    LinePlot plot{
        "Losses of the museum", Axis{"step"}, Axis{"loss, mean of 10 batches", {}, {}, true}, {}};
    for (const char* const name :
         {"together", "apart", "sum, rate 0.1", "transposed", "relu, raw", "zeros"}) {
        for (const Course& course : courses) {
            if (course.exhibit->name != std::string_view(name)) continue;
            Series series{name, {}, plot.series.size()};
            for (std::size_t i = 0; i + 10 <= course.losses.size(); i += 10) {
                const double* const begin = course.losses.data() + i;
                series.points.push_back(
                    {static_cast<double>(i + 5), std::accumulate(begin, begin + 10, 0.0) / 10});
            }
            plot.series.push_back(series);
        }
    }
    return svg_of(plot, 720, 380);
}

void chapter(Chapter& book) {
    const std::size_t only = book.number("--room", 0);  // 0: all
    if (only > std::size(rooms)) fail("the museum has rooms 1 to ", std::size(rooms));
    const TrainTest& all = book.data();
    const TrainTest few{first_images(all.train, 160 * 128), all.test};
    std::vector<Course> courses;
    for (std::size_t room = 1; room <= std::size(rooms); ++room) {
        if (only != 0 && room != only) continue;
        std::printf("%sroom %zu: %s\n", courses.empty() ? "" : "\n", room, rooms[room - 1]);
        if (room == 8) choose_by_test(book, all.test);
        if (room == 8) break;
        std::printf("%32s %8s %9s %7s   %-5s %-8s %-18s %-6s %s\n", "loss", "training", "as test",
                    "test", "X to", "first", "dW of each layer", "ten", "still");
        const bool is_whole = room == 1 && book.uses_mnist();
        for (const Exhibit& exhibit : exhibits) {
            if (exhibit.room != room) continue;
            courses.push_back(
                visit(exhibit, is_whole ? all : few, is_whole ? 10 : 3, book.number("--seed", 1)));
        }
        if (room == 2) show_images(all.train);
    }
    if (only == 0 || only == 3) {
        const auto mean = std::ranges::find_if(courses, [](const Course& course) {
            return std::string_view(course.exhibit->name) == "mean, rate 0.1";
        });
        book.claim(mean[0].test == mean[2].test, "a sum at a 128th of the rate is a mean");
    }
    if (only != 0) return;
    book.figure("staircase.svg", [&] { return draw_staircase(courses); });
    book.figure("losses.svg", [&] { return draw_losses(courses); });
}

}  // namespace
}  // namespace digits

int main(int argument_count, char** arguments) {
    return digits::run_chapter(argument_count, arguments, digits::chapter, {"--room", "--seed"});
}
