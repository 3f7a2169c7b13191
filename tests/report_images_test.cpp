// The figures of a report, one by one.
#include <cmath>
#include <string>

#include "bars.h"
#include "check.h"
#include "report/confusion_heatmap.h"
#include "report/curves.h"
#include "report/images.h"
#include "report/tables.h"
#include "xml.h"

namespace digits {
namespace {

using testing::check;
using testing::check_contains;
using testing::check_equal;
using testing::check_near;
using testing::check_throws;
using testing::Element;
using testing::read_xml;
using testing::with_class;

ConfusionMatrix matrix_with_one_mistake(std::size_t classes) {
    ConfusionMatrix matrix(classes);
    for (std::size_t c = 0; c < classes; ++c) {
        for (int i = 0; i < 7; ++i) matrix.add(c, c);
    }
    matrix.add(1, 0);
    return matrix;
}

TEST(a_heatmap_colours_mistakes_by_their_share_of_the_row) {
    const std::string svg = confusion_heatmap(matrix_with_one_mistake(3)).str();
    // One of the eight images of class 1: the cube root of 1/8 is a half.
    check_contains(svg, "<rect class=\"area s1\" x=\"50\" y=\"");
    check_contains(svg, "fill-opacity=\"0.50\"");
    check_equal(with_class(read_xml(svg), "rect", "s0").size(), 3u);
    check_equal(with_class(read_xml(svg), "rect", "s1").size(), 1u);
    check_equal(with_class(read_xml(svg), "text", "count").size(), 4u);
}

TEST(a_heatmap_of_many_classes_stays_small) {
    const std::string letters = confusion_heatmap(matrix_with_one_mistake(26)).str();
    check(letters.size() < 20'000);
    check_equal(with_class(read_xml(letters), "rect", "s0").size(), 26u);
    const std::string many = confusion_heatmap(matrix_with_one_mistake(256)).str();
    check(many.size() < 120'000);
    check_contains(many, "<image ");
    const std::vector<EpochConfusion> epochs{{1, matrix_with_one_mistake(256)}};
    check(frames_of(epochs).empty());  // no animation of single pixels
}

TEST(an_animation_shows_at_most_twelve_epochs_including_the_first_and_the_last) {
    std::vector<EpochConfusion> epochs;
    for (std::size_t epoch = 1; epoch <= 30; ++epoch) {
        epochs.push_back({epoch, matrix_with_one_mistake(3)});
    }
    const std::vector<EpochConfusion> frames = frames_of(epochs);
    check_equal(frames.size(), 12u);
    check_equal(frames.front().epoch, 1u);
    check_equal(frames.back().epoch, 30u);
    const std::vector<Element> elements = read_xml(confusion_animation(frames).str());
    check_equal(with_class(elements, "g", "frame").size(), 12u);
    check_equal(with_class(elements, "g", "last").size(), 1u);
    check(with_class(elements, "g", "last")[0].has_class("frame11"));
    check_equal(frames_of(std::span(epochs).first(3)).size(), 3u);
    check_throws([] { confusion_animation({}); }, "no frames");
}

TEST(curves_have_a_point_for_every_step_and_epoch) {
    History history;
    for (std::size_t i = 1; i <= 100; ++i) {
        history.steps.push_back({i, 1, 0.1, 2.0 / static_cast<double>(i), 0.5});
    }
    history.epochs.push_back({1, 100, 0.1, 1.0, 0.5, 0.9, 0.75, 100, 1.0});
    const LinePlot loss = loss_plot(history);
    check_equal(loss.series[0].points.size(), 100u);
    check_near(loss.series[0].points[49].y, 0.04, 1e-12);
    check(loss.y.logarithmic);
    const LinePlot accuracy = accuracy_plot(history);
    check_near(accuracy.series[0].points[0].y, 50.0, 1e-12);
    check_near(accuracy.series[1].points[0].y, 75.0, 1e-12);
    check_contains(svg_of(accuracy), "<circle");  // a single epoch is visible
    history.epochs[0].validation_accuracy.reset();
    check(accuracy_plot(history).series[1].points.empty());
}

TEST(mistakes_have_the_probabilities_of_the_likely_and_of_the_actual_class) {
    const Dataset data = testing::bars(60, 3);
    const Model model{testing::small_network(), data.rows, data.columns};
    const Evaluation evaluation = evaluate(model.network, data);
    const std::vector<Mistake> mistakes = find_mistakes(model, evaluation, data, 5);
    check_equal(mistakes.size(), 5u);
    const std::vector<std::size_t> worst = worst_mistakes(evaluation, data, 5);
    for (std::size_t i = 0; i < mistakes.size(); ++i) {
        const Mistake& mistake = mistakes[i];
        const Prediction& prediction = evaluation.predictions[worst[i]];
        check_equal(mistake.actual, std::size_t{data.labels[worst[i]]});
        check_equal(mistake.likely.front().of, mistake.predicted);
        check_near(mistake.likely.front().probability, static_cast<double>(prediction.confidence),
                   1e-6);
        // The loss is -log of the actual class's probability.
        bool has_actual = false;
        for (const auto& [name, probability] : mistake.likely) {
            if (name != mistake.actual) continue;
            has_actual = true;
            check_near(probability, std::exp(-static_cast<double>(prediction.loss)), 1e-6);
        }
        check(has_actual);
        check_contains(mistake_card(mistake).str(), str_cat(mistake.actual, " predicted as "));
    }
    check_equal(with_class(read_xml(mistakes_figure(mistakes).str()), "text", "bold").size(), 10u);
}

TEST(a_mistake_in_a_large_image_is_shown_with_the_means_of_its_blocks) {
    // 64 x 40 pixels become 32 x 20. All weights are zero, so class 0 is predicted instead of 1.
    std::vector<std::uint8_t> pixels(64 * 40);
    for (std::size_t i = 0; i < pixels.size(); ++i) {
        pixels[i] = static_cast<std::uint8_t>(i * 37 % 256);
    }
    const Dataset data{"large", 64, 40, 2, pixels, {1}};
    Random random(1);
    const NetworkSettings zeros{.hidden = {}, .initializer = {InitializerKind::zeros}};
    const Model model{build_network(64 * 40, 2, zeros, random), 64, 40};
    const std::vector<Mistake> mistakes =
        find_mistakes(model, evaluate(model.network, data), data, 1);
    check_equal(mistakes.size(), 1u);
    const Matrix& ink = mistakes[0].ink;
    check_equal(str_cat(shape(ink)), "32x20");
    for (std::size_t y = 0; y < 32; ++y) {
        for (std::size_t x = 0; x < 20; ++x) {
            const std::size_t first = 2 * y * 40 + 2 * x;
            const int sum =
                pixels[first] + pixels[first + 1] + pixels[first + 40] + pixels[first + 41];
            check_near(static_cast<double>(ink(y, x)), sum / (4 * 255.0), 1e-6);
        }
    }
}

TEST(large_images_are_downsampled) {
    Random random(1);
    const Network network = build_network(100 * 60, 4, {.hidden = {50}}, random);
    const std::string svg = weight_images(network, 100, 60).str();
    check(svg.size() < 60'000);
    check_contains(svg, "40 of its 50 units");
    check_throws([&] { weight_images(network, 10, 10); }, "6000 weights for images of 10 x 10");
}

TEST(a_confidence_that_no_prediction_has_gets_no_mean) {
    const std::vector<ConfidenceBin> bins = {
        {.low = 0.0, .high = 0.5},
        {.low = 0.5, .high = 1.0, .count = 4, .confidence = 0.75, .accuracy = 0.5}};
    const std::string table = confidence_table(bins);
    check_contains(table, "0 to 50 %</th><td>0</td><td></td><td></td>");
    check_contains(table, "50 to 100 %</th><td>4</td><td>75.00 %</td><td>50.00 %</td>");
}

}  // namespace
}  // namespace digits
