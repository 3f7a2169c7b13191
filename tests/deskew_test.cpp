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

// Reference implementation by definition, pixel by pixel: the slope a is the sum of dr dc ink
// divided by the sum of dr^2 ink, and the result at (r, c) is the image at (r, c + a dr).
std::vector<double> deskewed_by_definition(std::span<const float> image, std::size_t rows,
                                           std::size_t columns) {
    double mass = 0, row = 0, column = 0, covariance = 0, variance = 0;
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
        covariance += (r - row) * (c - column) * ink;
        variance += (r - row) * (r - row) * ink;
    });
    std::vector<double> result;
    each([&](double r, double c, double) {
        const double from = c + covariance / variance * (r - row), left = std::floor(from);
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

// Drawn digits, as the input of a network.
Matrix some_digits(std::size_t count) {
    std::vector<std::size_t> indices(count);
    for (std::size_t i = 0; i < count; ++i) indices[i] = i;
    Batch batch;
    gather(synthesize(count, 3), indices, batch);
    return batch.input;
}

TEST(a_slanted_line_becomes_upright_around_its_centre) {
    // From (0, 1) to (2, 3): one column per row. Its centre is (1, 2).
    const Matrix slanted{{0, 1, 0, 0, 0,  //
                          0, 0, 1, 0, 0,  //
                          0, 0, 0, 1, 0}};
    check_near(slant(slanted.row(0), 3, 5), 1.0, 1e-12);
    Matrix output = slanted;
    deskew(3, 5, output);
    for (std::size_t p = 0; p < 15; ++p) {
        check_near(static_cast<double>(output(0, p)), p % 5 == 2 ? 1.0 : 0.0, 1e-6);
    }
    // Slanted to the left by half a column per row; a shift by half a pixel averages two pixels.
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

TEST(deskewed_digits_agree_with_the_definition) {
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

TEST(images_without_slant_are_unchanged) {
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

    Matrix high(1, 200 * 3, 0.0f);  // one row far below, with a grey that is not exact in binary
    high(0, 570) = high(0, 571) = high(0, 572) = 0.1f;
    check_equal(slant(high.row(0), 200, 3), 0.0);
}

TEST(a_horizontal_stroke_is_not_turned_upright) {
    // Ten columns per row are not handwriting slant: at most one column per row is corrected. Ink
    // that is shifted out of the image is lost.
    Matrix lying(1, 40, 0.0f);
    for (std::size_t c = 0; c < 10; ++c) lying(0, c) = lying(0, 30 + c) = 1.0f;
    check_near(slant(lying.row(0), 2, 20), 10.0, 1e-4);
    Matrix output = lying;
    deskew(2, 20, output);
    // The centre is row 0.5: the upper row moves half a column to the right, the lower one to the
    // left.
    check_near(static_cast<double>(output(0, 0)), 0.5, 1e-6);
    check_near(static_cast<double>(output(0, 10)), 0.5, 1e-6);
    check_near(static_cast<double>(output(0, 29)), 0.5, 1e-6);

    // 50 rows of two columns: the slant of the first two rows shifts the last row out of the image.
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

TEST(deskewing_is_the_same_with_any_number_of_threads) {
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
    check_throws([&] { deskew(0, 4, images); }, "expected at least 1 x 1 pixels, found 0 x 4");
    check_throws([] { slant(std::vector<float>(5), 2, 3); }, "found 5 pixels");
}

TEST(preprocessing_deskews_only_if_it_is_set) {
    const Matrix input = some_digits(4);
    Matrix same = input, upright = input, expected = input;
    preprocess({}, 28, 28, same);
    check(same == input);
    preprocess({.deskew = true}, 28, 28, upright);
    deskew(28, 28, expected);
    check(upright == expected);
    check(upright != input);
}

TEST(training_and_evaluation_use_the_same_preprocessing) {
    // Evaluation with preprocessing must equal evaluation by hand on deskewed images.
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

    // By hand: the loss of the trained network on the deskewed batch.
    Activations activations;
    Matrix grad;
    const double loss =
        softmax_cross_entropy(network.forward(batch.input, activations), batch.labels, grad);
    check_near(evaluate(network, data, settings.preprocessing).log_loss, loss, 1e-6);
    check(std::abs(evaluate(network, data).log_loss - loss) > 1e-3);
}

}  // namespace
}  // namespace digits
