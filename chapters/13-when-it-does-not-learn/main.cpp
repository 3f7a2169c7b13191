// Chapter 13: a recipe from a blank page to a network that works, a museum of mistakes, and a
// broken trainer to mend.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <string>
#include <vector>

#include "../book.h"
#include "../shared.h"
#include "broken.h"
#include "checks.h"
#include "data/dataset.h"
#include "mistakes.h"
#include "museum.h"
#include "plot/plot.h"
#include "recipe.h"
#include "rooms.h"

namespace digits {
namespace {

std::string draw_capacity(const std::vector<Outcome>& sizes) {
    LinePlot plot{"1,000 images: more units, until it overfits",
                  Axis{"hidden units", 2, 128, true, true},
                  Axis{"accuracy, %", 30, 100},
                  {}};
    plot.series = {{"training", {}, 0}, {"validation", {}, 1}};
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        const double units = 2.0 * std::pow(4.0, static_cast<double>(i));
        plot.series[0].points.push_back({units, sizes[i].training});
        plot.series[1].points.push_back({units, sizes[i].validation});
    }
    return svg_of(plot, 720, 320);
}

void header(const char* title) {
    std::printf("\n%s\n  %-22s %-13s %-13s %s\n", title, "", "training", "loss", "validation");
}

// `few` are 20,480 training images, `validation` 2,000 others.
void follow_recipe(Chapter& book, const Dataset& few, const Dataset& validation,
                   const Dataset& test) {
    std::printf("steps 1 to 4: seven questions\n");
    const BatchSampler order(few.size(), 128);
    const Model model = make_model(few, {}, {}, 1);
    const std::string no =
        ask(model, few, [&](std::size_t b) { return pixels_of(few, order.batch(b), false); });
    book.claim(no.empty(), "the trainer without a mistake passes all questions");

    header("step 5: units, until it overfits (1,000 images)");
    std::vector<Outcome> sizes;
    for (const Trial& trial :
         {Trial{"2 units", 2}, {"8 units", 8}, {"32 units", 32}, {"128 units", 128}}) {
        sizes.push_back(attempt(trial, few, validation));
    }
    book.claim(sizes[3].training > 99.5, "128 units learn 1,000 images by heart");
    book.figure("capacity.svg", [&] { return draw_capacity(sizes); });

    header("step 6: regularize the 128 units");
    attempt({.name = "early stopping", .stops_early = true}, few, validation);
    const Outcome elastic = attempt(
        {.name = "elastic distortions", .augmentation = Augmentation::elastic}, few, validation);
    attempt({.name = "5,000 images", .images = 5000, .epochs = 8}, few, validation);
    book.claim(elastic.validation > sizes[3].validation + 2 && elastic.training < 98,
               "distortions cost accuracy in training and give it back on other images");

    header("step 7: tune (elastic distortions, 5,000 images)");
    Trial best{"", 128, few.size(), 4, Augmentation::elastic};
    double best_accuracy = 0.0;
    for (const auto& [name, rate] : {std::pair{"rate 0.025", 0.025f}, std::pair{"rate 0.1", 0.1f},
                                     std::pair{"rate 0.4", 0.4f}}) {
        const Trial trial{name, 128, 5000, 4, Augmentation::elastic, false, rate};
        const double found = attempt(trial, few, validation).validation;
        if (found > best_accuracy) best_accuracy = found, best.learning_rate = rate;
    }
    Model chosen = learn(best, few, validation, 1);
    std::printf("rate %.3g, all 20,480 images: %.1f %% of the test images\n",
                as_double(best.learning_rate), accuracy_of(chosen, test, false));
    book.claim(best.learning_rate == 0.1f, "the middle of the three rates is the best");
}

// Room 9: the trainer of broken.h.
void hunt_bugs(Chapter& book, const Dataset& few, const Dataset& test) {
    const BatchSampler order(few.size(), 128);
    hunt::Model model = hunt::make_model(few, 1);
    const auto batch = [&](std::size_t b) { return hunt::make_batch(few, order.batch(b)); };
    const std::string no = ask(model, few, batch);
    for (std::size_t b = 0; b < 3 * order.batches(); ++b) {
        hunt::find_gradients(model, batch(b % order.batches()));
        hunt::descend(model);
    }
    hunt::forward(model, hunt::make_batch(test, first_indices(test.size())).input);
    std::printf("after three epochs: %.1f %% of the test images\n",
                accuracy(model.probabilities, test.labels));
    if (book.as_in_the_text()) book.claim(no == "356", "the broken trainer fails as in the text");
}

void chapter(Chapter& book) {
    const std::size_t every = 100, only = book.number("--room", every);
    if (only != every && only > std::size(rooms)) {
        fail("the museum has rooms 1 to ", std::size(rooms), "; the recipe is room 0");
    }
    const TrainTest& all = book.data();
    const TrainTest few{first_images(all.train, 160 * 128), all.test};
    if (only == every || only == 0) {
        std::vector<std::size_t> others(2000);
        std::iota(others.begin(), others.end(), few.train.size());
        follow_recipe(book, few.train, subset(all.train, others), all.test);
    }
    std::vector<Course> courses;
    for (std::size_t room = 1; room <= std::size(rooms); ++room) {
        if (only != every && room != only) continue;
        std::printf("%sroom %zu: %s\n", only == every ? "\n" : "", room, rooms[room - 1]);
        if (room == 8) {
            const auto [right, elsewhere] = choose_by_test(all.test);
            std::printf("the best of 1,000 dice, on the 100 images that chose it: %zu right\n",
                        right);
            std::printf("on the others: %.1f %%\n", elsewhere);
            book.claim(right > 17 && elsewhere < 11, "dice that were chosen look like readers");
        }
        if (room == 9) hunt_bugs(book, few.train, all.test);
        if (room >= 8) continue;
        std::printf("%29s %6s %-12s%s\n", "loss", "train", "test", "questions that say no");
        const bool is_whole = room == 1 && book.uses_mnist();
        const std::size_t runs = book.number("--seeds", room == 1 && !is_whole ? seeds : 1);
        for (const Exhibit& exhibit : exhibits) {
            if (exhibit.room != room) continue;
            courses.push_back(visit(exhibit, is_whole ? all : few, is_whole ? 10 : 3,
                                    book.number("--seed", 1), runs));
        }
        if (room == 2) show_images(all.train);
    }
    if (only != every) return;
    const auto mean = std::ranges::find(courses, std::string("mean, rate 0.1"),
                                        [](const Course& course) { return course.exhibit->name; });
    book.claim(mean[0].tests == mean[2].tests, "a sum at a 128th of the rate is a mean");
    book.figure("staircase.svg", [&] { return draw_staircase(courses); });
    book.figure("losses.svg", [&] { return draw_losses(courses); });
}

}  // namespace
}  // namespace digits

int main(int argument_count, char** arguments) {
    return digits::run_chapter(argument_count, arguments, digits::chapter,
                               {"--room", "--seed", "--seeds"});
}
