// Chapter 12: confusion matrix, precision, recall, log loss, calibration, and the worst mistakes.
#include <cstdio>
#include <vector>

#include "../12-what-it-gets-wrong/twelve_images.h"
#include "../book.h"
#include "../shared.h"
#include "../training.h"
#include "plot/plot.h"
#include "report/confusion_heatmap.h"
#include "report/images.h"
#include "training/calibration.h"
#include "training/ensemble.h"
#include "training/evaluation.h"
#include "training/metrics.h"
#include "training/metrics_text.h"
#include "util/random.h"
#include "util/statistics.h"

namespace digits {
namespace {

struct Course {
    const char* name;
    std::size_t images, epochs;
    double smoothing;
};

constexpr Course courses[] = {{"60,000 images, 3 epochs", 60000, 3, 0.0},
                              {"60,000, labels smoothed", 60000, 3, 0.05},
                              {"3,000 images, 5 epochs", 3000, 5, 0.0},
                              {"3,000 images, 30 epochs", 3000, 30, 0.0},
                              {"3,000, 30, smoothed", 3000, 30, 0.05}};

Network learn(const Dataset& train, const Course& course, std::uint64_t seed) {
    Random random(seed);
    Network network = build_network(train.inputs(), train.classes, {.hidden = {128}}, random);
    const Plan plan{.schedule = {ScheduleKind::cosine, 0.1},
                    .epochs = course.epochs,
                    .loss = {course.smoothing},
                    .seed = seed};
    // The first `course.images`: the sampler was not shuffled.
    const Dataset few = subset(train, BatchSampler(train.size(), course.images).batch(0));
    train_with(network, few, plan, [](std::size_t) { return true; });
    return network;
}

// Makes twenty labels wrong on purpose and counts those among the twenty worst mistakes.
std::size_t find_planted(std::span<const Model* const> ensemble, const Dataset& test,
                         std::uint64_t seed) {
    Random random(seed);
    BatchSampler order(test.size(), 20);
    order.shuffle(random);
    Dataset wrong = test;
    for (const std::size_t i : order.batch(0)) {
        const std::size_t shift = 1 + random.below(test.classes - 1);
        wrong.labels[i] = static_cast<std::uint8_t>((test.labels[i] + shift) % test.classes);
    }
    std::size_t found = 0;
    for (const std::size_t i : worst_mistakes(evaluate(ensemble, wrong), wrong, 20)) {
        found += wrong.labels[i] != test.labels[i];
    }
    return found;
}

// The calibration error of the first `count` predictions, and the one that chance alone gives them:
// if each were right with just the probability that the network says.
void print_calibration(std::vector<Prediction> predictions, std::vector<std::uint8_t> labels,
                       std::size_t count, std::size_t bins) {
    predictions.resize(count);
    labels.resize(count);
    const double error = expected_calibration_error(confidence_bins(predictions, labels, bins));
    Random random(1);
    double by_chance = 0.0;
    for (int repetition = 0; repetition < 100; ++repetition) {
        for (std::size_t i = 0; i < count; ++i) {
            const Prediction& p = predictions[i];
            const bool is_right = random.uniform() < as_double(p.confidence);
            labels[i] = static_cast<std::uint8_t>(is_right ? p.predicted : p.predicted + 1);
        }
        by_chance += expected_calibration_error(confidence_bins(predictions, labels, bins)) / 100;
    }
    std::printf("  %6zu images, %2zu bins  %.3f, by chance %.3f\n", count, bins, error, by_chance);
}

void chapter(Chapter& book) {
    by_hand(book);
    const Dataset &train = book.data().train, &test = book.data().test;
    // A classifier that looks at no image and says each time that it is not a 9.
    ConfusionMatrix never(2);
    for (const std::uint8_t label : test.labels) never.add(label == 9, 0);
    const std::string names[] = {"other", "nine"};
    std::printf("\n%s\n", classification_report(never, names).c_str());

    LinePlot plot{
        "Confidence and accuracy", Axis{"confidence", 0.2, 1.0}, Axis{"accuracy", 0.2, 1.0}, {}};
    plot.series.push_back({"as sure as right", {{0.2, 0.2}, {1, 1}}, 0, "rest dashed"});
    const std::uint64_t first_seed = book.number("--seed", 1);
    std::vector<Model> models;
    std::printf(
        "three seeds                 accuracy         log loss         calibration error\n");
    for (const Course& course : courses) {
        std::vector<double> columns[3];
        for (std::uint64_t seed = first_seed; seed < first_seed + 3; ++seed) {
            const Network network = learn(train, course, seed);
            const Evaluation result = evaluate(network, test);
            const auto bins = confidence_bins(result.predictions, test.labels, 10);
            columns[0].push_back(result.accuracy());
            columns[1].push_back(result.log_loss);
            columns[2].push_back(expected_calibration_error(bins));
            if (&course == courses) models.push_back({network, test.rows, test.columns});
            if (seed > first_seed || course.epochs == 5) continue;
            plot.series.push_back({course.name, {}, plot.series.size() - 1});
            for (const ConfidenceBin& bin : bins) {
                if (bin.count >= 100)
                    plot.series.back().points.push_back({bin.confidence, bin.accuracy});
            }
        }
        std::printf("%-25s", course.name);
        for (const std::vector<double>& values : columns) {
            std::printf("  %.3f +- %.3f", mean(values), standard_deviation(values));
        }
        std::printf("\n");
    }
    book.figure("reliability.svg", [&] { return svg_of(plot, 720, 400); });

    const Evaluation first = evaluate(models[0].network, test);
    std::printf("\n%s\n%s\nthe most frequent mistakes\n", confusion_table(first.confusion).c_str(),
                classification_report(first.confusion).c_str());
    for (const ConfusedPair& pair : most_confused_pairs(first.confusion, 5)) {
        std::printf("%6zu: %zu, predicted as %zu\n", pair.count, pair.actual, pair.predicted);
    }
    book.figure("confusion.svg", [&] { return confusion_heatmap(first.confusion).str(); });
    const std::vector<Mistake> mistakes = find_mistakes(models[0], first, test, 14);
    book.figure("mistakes.svg", [&] { return mistakes_figure(mistakes).str(); });

    std::printf("\ncalibration error of the first network\n");
    for (const std::size_t bins : {5u, 10u, 50u}) {
        print_calibration(first.predictions, test.labels, test.size(), bins);
    }
    print_calibration(first.predictions, test.labels, 500, 10);

    const Model* ensemble[] = {&models[0], &models[1], &models[2]};
    std::printf("\n20 labels made wrong, ten times; among the worst 20 are");
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        std::printf(" %zu", find_planted(ensemble, test, seed));
    }
    std::printf("\nthe worst mistakes\n");
    const Evaluation together = evaluate(ensemble, test);
    for (const std::size_t i : worst_mistakes(together, test, book.number("--worst", 10))) {
        std::printf("%6zu: %d, predicted as %d\n", i, int{test.labels[i]},
                    int{together.predictions[i].predicted});
    }
}

}  // namespace
}  // namespace digits

int main(int argument_count, char** arguments) {
    return digits::run_chapter(argument_count, arguments, digits::chapter, {"--seed", "--worst"});
}
