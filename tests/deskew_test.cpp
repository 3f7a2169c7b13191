#include "data/deskew.h"

#include <cmath>
#include <numeric>
#include <span>
#include <vector>

#include "check.h"
#include "data/preprocessing.h"
#include "data/synthetic/synthesize.h"
#include "network/network.h"
#include "random_factors.h"
#include "training/trainer.h"
#include "util/parallel.h"

namespace digits {
namespace {

using testing::check;
using testing::check_equal;
using testing::check_near;
using testing::check_throws;
using testing::random_matrix;

// By its definition, pixel after pixel: a is the sum of dr dc ink over the sum of dr^2 ink, and the
// result at (r, c) is what lies at (r, c + a dr).
std::vector<double> deskewed_by_definition(std::span<const float> image, std::size_t rows,
                                           std::size_t columns) {
    double mass = 0, row = 0, column = 0, upper = 0, lower = 0;
    const auto each = [&](auto use) {
        for (std::size_t i = 0; i < image.size(); ++i) {
            use(static_cast<double>(i / columns), static_cast<double>(i % columns),
                static_cast<double>(image[i]));
        }
    };
    each([&](double r, double c, double ink) { mass += ink, row += r * ink, column += c * ink; });
    row /= mass;
    column /= mass;
    each([&](double r, double c, double ink) {
        upper += (r - row) * (c - column) * ink;
        lower += (r - row) * (r - row) * ink;
    });
    std::vector<double> result;
    each([&](double r, double c, double) {
        const double from = c + upper / lower * (r - row), left = std::floor(from);
        const auto at = [&](double place) {
            if (place < 0 || place >= static_cast<double>(columns)) return 0.0;
            return static_cast<double>(
                image[static_cast<std::size_t>(r) * columns + static_cast<std::size_t>(place)]);
        };
        result.push_back(at(left) * (left + 1 - from) + at(left + 1) * (from - left));
    });
    check_equal(result.size(), rows * columns);
    return result;
}

// Drawn digits, as a network is given them.
Matrix some_digits(std::size_t count) {
    std::vector<std::size_t> indices(count);
    for (std::size_t i = 0; i < count; ++i) indices[i] = i;
    Batch batch;
    gather(synthesize(count, 3), indices, batch);
    return batch.input;
}

TEST(a_leaning_line_stands_upright_on_its_middle) {
    // From (0, 1) to (2, 3): a column further with each row. Its middle is (1, 2).
    const Matrix leaning{{0, 1, 0, 0, 0,  //
                          0, 0, 1, 0, 0,  //
                          0, 0, 0, 1, 0}};
    check_near(slant(leaning.row(0), 3, 5), 1.0, 1e-12);
    Matrix output = leaning;
    deskew(3, 5, output);
    for (std::size_t p = 0; p < 15; ++p) {
        check_near(static_cast<double>(output(0, p)), p % 5 == 2 ? 1.0 : 0.0, 1e-6);
    }
    // It leans to the left by half a column, and half a pixel is half in each.
    const Matrix left{{0, 0,   0,   0, 0,  //
                       0, 0,   0.5, 1, 0,  //
                       0, 0,   0,   0, 0,  //
                       0, 0.5, 1,   0, 0,  //
                       0, 0,   0,   0, 0}};
    check_near(slant(left.row(0), 5, 5), -0.5, 1e-6);
    output = left;
    deskew(5, 5, output);
    check_near(static_cast<double>(output(0, 7)), 0.75, 1e-6);
    check_near(static_cast<double>(output(0, 17)), 0.75, 1e-6);
}

TEST(digits_are_straightened_as_the_definition_says) {
    const Matrix input = some_digits(50);
    Matrix output = input;
    deskew(28, 28, output);
    for (std::size_t i = 0; i < input.rows(); ++i) {
        const std::vector<double> expected = deskewed_by_definition(input.row(i), 28, 28);
        double error = 0.0;
        for (std::size_t p = 0; p < expected.size(); ++p) {
            error = std::max(error, std::abs(static_cast<double>(output(i, p)) - expected[p]));
        }
        check_near(error, 0.0, 1e-4);
        check(std::abs(slant(output.row(i), 28, 28)) < 0.02);
    }
}

TEST(images_without_a_slant_stay_as_they_are) {
    const Matrix input{{0, 0, 0, 0, 0, 0},    // blank
                       {0, 0, 0, 1, 0.5, 0},  // ink in one row only
                       {0, 1, 0, 0, 1, 0}};   // upright
    Matrix output = input;
    deskew(2, 3, output);
    check(output == input);
    output = input;
    deskew(1, 6, output);
    check(output == input);
    output = input;
    deskew(6, 1, output);
    check(output == input);

    Matrix high(1, 200 * 3, 0.0f);  // one row far below, of a grey that is no short fraction
    high(0, 570) = high(0, 571) = high(0, 572) = 0.1f;
    check_equal(slant(high.row(0), 200, 3), 0.0);
}

TEST(a_stroke_that_lies_is_not_stood_up) {
    // Ten columns with one row: no slant, and undone by one column a row at the most. Rows of ink
    // that would leave the image do, wherever it ends.
    Matrix lying(1, 40, 0.0f);
    for (std::size_t c = 0; c < 10; ++c) lying(0, c) = lying(0, 30 + c) = 1.0f;
    check_near(slant(lying.row(0), 2, 20), 10.0, 1e-4);
    Matrix output = lying;
    deskew(2, 20, output);
    // The middle row is 0.5: the upper one moves half a column to the right, the lower to the left.
    check_near(static_cast<double>(output(0, 0)), 0.5, 1e-6);
    check_near(static_cast<double>(output(0, 10)), 0.5, 1e-6);
    check_near(static_cast<double>(output(0, 29)), 0.5, 1e-6);

    // 50 rows of two columns: the slant of the upper two rows takes the last out of the image.
    Matrix tall(1, 100, 0.0f);
    tall(0, 0) = tall(0, 3) = 1.0f;
    tall(0, 99) = 1e-4f;
    check(slant(tall.row(0), 50, 2) > 0.5);
    output = tall;
    deskew(50, 2, output);
    check_equal(output(0, 98), 0.0f);
    check_equal(output(0, 99), 0.0f);
    for (const float value : output.values()) check(value >= 0.0f && value <= 1.0f);
}

TEST(any_number_of_threads_straightens_alike) {
    const Matrix input = some_digits(64);
    Matrix alone, together;
    set_thread_count(1);
    alone = input;
    deskew(28, 28, alone);
    set_thread_count(3);
    together = input;
    deskew(28, 28, together);
    set_thread_count(0);
    check(alone == together);
}

TEST(images_of_a_different_size_are_refused) {
    Matrix images(1, 13);
    check_throws([&] { deskew(3, 4, images); }, "3 x 4");
    check_throws([&] { deskew(0, 4, images); }, "no images of 0 x 4");
    check_throws([] { slant(std::vector<float>(5), 2, 3); }, "5 pixels");
}

TEST(preprocessing_deskews_only_if_it_is_asked_to) {
    const Matrix input = some_digits(4);
    Matrix same = input, upright = input, expected = input;
    preprocess({}, 28, 28, same);
    check(same == input);
    preprocess({.deskew = true}, 28, 28, upright);
    deskew(28, 28, expected);
    check(upright == expected);
    check(upright != input);
}

TEST(training_and_evaluation_preprocess_alike) {
    // Trained on deskewed images, a network predicts the same as one that was given them as data.
    const Dataset data = synthesize(200, 5);
    Batch batch;
    std::vector<std::size_t> all(data.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    gather(data, all, batch);
    deskew(28, 28, batch.input);
    TrainerSettings settings;
    settings.epochs = 1;
    settings.batch_size = 50;
    settings.preprocessing.deskew = true;
    Random random(1), weights(2);
    Network network = build_network(784, 10, {.hidden = {16}}, weights);
    const Network untrained = network;
    train(network, data, &data, settings, random);
    check(weights_hash(network) != weights_hash(untrained));

    // By hand, with the same order: the loss of the trained network on the deskewed batch.
    Activations activations;
    Matrix grad;
    const double loss =
        softmax_cross_entropy(network.forward(batch.input, activations), batch.labels, grad);
    check_near(evaluate(network, data, settings.preprocessing).log_loss, loss, 1e-6);
    check(std::abs(evaluate(network, data).log_loss - loss) > 1e-3);
}

}  // namespace
}  // namespace digits
