// Chapter 12: confusion matrix, precision, recall, log loss, calibration, and the worst mistakes.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

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

namespace digits {
namespace {

// Twelve images of three classes, and what a network said of them.
struct Answer {
    std::size_t images, actual;
    std::vector<float> probabilities;
};

const Answer answers[] = {
    {4, 0, {0.90f, 0.05f, 0.05f}}, {2, 0, {0.50f, 0.25f, 0.25f}},  // six 0s, all right
    {1, 1, {0.05f, 0.90f, 0.05f}}, {1, 1, {0.25f, 0.50f, 0.25f}},  // four 1s: two right,
    {1, 1, {0.25f, 0.25f, 0.50f}}, {1, 1, {0.90f, 0.05f, 0.05f}},  // and two wrong
    {1, 2, {0.05f, 0.05f, 0.90f}}, {1, 2, {0.90f, 0.09f, 0.01f}},  // two 2s: right, and wrong
};

void by_hand(Chapter& book) {
    ConfusionMatrix matrix(3);
    std::vector<std::uint8_t> labels;
    std::vector<Prediction> predictions;
    double log_loss = 0.0;
    for (const Answer& answer : answers) {
        for (std::size_t i = 0; i < answer.images; ++i) {
            const std::size_t predicted = predicted_class(answer.probabilities);
            const float loss = -std::log(answer.probabilities[answer.actual]);
            matrix.add(answer.actual, predicted);
            labels.push_back(static_cast<std::uint8_t>(answer.actual));
            predictions.push_back(
                {static_cast<std::uint8_t>(predicted), answer.probabilities[predicted], loss});
            log_loss += as_double(loss) / 12;
        }
    }
    const double in_five = expected_calibration_error(confidence_bins(predictions, labels, 5));
    const double in_one = expected_calibration_error(confidence_bins(predictions, labels, 1));
    std::printf("%s\n%s\n", confusion_table(matrix).c_str(), classification_report(matrix).c_str());
    std::printf("log loss %.4f, of knowing nothing %.4f\n", log_loss, std::log(3.0));
    std::printf("calibration error in five bins %.4f, in one %.4f\n", in_five, in_one);
    const std::vector<ClassScores> scores = class_scores(matrix);
    const auto is = [](double a, double b) { return std::abs(a - b) < 1e-6; };
    book.claim(is(scores[0].precision, 6.0 / 8) && is(scores[0].f1, 12.0 / 14), "0: 6/8 and 12/14");
    book.claim(is(macro_average(scores).recall, 2.0 / 3), "the macro recall is 2/3");
    book.claim(is(weighted_average(scores).recall, matrix.accuracy()), "both are 9/12");
    book.claim(std::abs(log_loss - 11.6988 / 12) < 1e-5, "the losses sum to 11.6988");
    book.claim(is(in_five, 2.2 / 12) && is(in_one, 0.2 / 12), "2.2/12 in five bins, 0.2/12 in one");
}

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
std::size_t find_planted(std::span<const Model* const> ensemble, const Dataset& test) {
    Random random(1);
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

void chapter(Chapter& book) {
    by_hand(book);
    const Dataset &train = book.data().train, &test = book.data().test;
    // A classifier that looks at no image and says of each that it is not a 9.
    ConfusionMatrix never(2);
    for (const std::uint8_t label : test.labels) never.add(label == 9, 0);
    const std::string names[] = {"other", "nine"};
    std::printf("\n%s\n", classification_report(never, names).c_str());

    LinePlot plot{"Sure, and right?", Axis{"confidence", 0.2, 1.0}, Axis{"accuracy", 0.2, 1.0}, {}};
    plot.series.push_back({"", {{0.2, 0.2}, {1, 1}}, 0, "thin dashed"});
    std::vector<Model> models;
    std::printf(
        "three seeds                  accuracy         log loss         calibration error\n");
    for (const Course& course : courses) {
        std::vector<double> columns[3];
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
            const Network network = learn(train, course, seed);
            const Evaluation result = evaluate(network, test);
            const auto bins = confidence_bins(result.predictions, test.labels, 10);
            columns[0].push_back(result.accuracy());
            columns[1].push_back(result.log_loss);
            columns[2].push_back(expected_calibration_error(bins));
            if (&course == courses) models.push_back({network, test.rows, test.columns});
            if (seed > 1 || course.epochs == 5) continue;
            plot.series.push_back({course.name, {}, plot.series.size() - 1});
            for (const ConfidenceBin& bin : bins) {
                if (bin.count >= 100)
                    plot.series.back().points.push_back({bin.confidence, bin.accuracy});
            }
        }
        std::printf("%-25s", course.name);
        for (std::vector<double>& values : columns) {
            std::ranges::sort(values);
            std::printf("   %.3f to %.3f", values.front(), values.back());
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

    const Model* ensemble[] = {&models[0], &models[1], &models[2]};
    std::printf("\n20 labels made wrong: %zu of them are among the worst 20\nthe worst mistakes\n",
                find_planted(ensemble, test));
    const Evaluation together = evaluate(ensemble, test);
    for (const std::size_t i : worst_mistakes(together, test, 10)) {
        std::printf("%6zu: %d, predicted as %d\n", i, int{test.labels[i]},
                    int{together.predictions[i].predicted});
    }
}

}  // namespace
}  // namespace digits

int main(int argument_count, char** arguments) {
    return digits::run_chapter(argument_count, arguments, digits::chapter);
}
