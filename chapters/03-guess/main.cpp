// Chapter 3: softmax, from scores to probabilities, and the cross-entropy loss of a guess.
#include <cmath>
#include <cstdio>
#include <vector>

#include "../book.h"
#include "../shared.h"
#include "data/dataset.h"
#include "linalg/gemm.h"
#include "linalg/matrix.h"
#include "network/loss.h"
#include "plot/plot.h"

namespace digits {
namespace {

// Softmax straight from its formula: overflows to NaN for scores above 88.
std::vector<float> softmax_of_the_formula(std::span<const float> z) {
    float sum = 0.0f;
    for (const float score : z) sum += std::exp(score);
    std::vector<float> p;
    for (const float score : z) p.push_back(std::exp(score) / sum);
    return p;
}

// The mean loss when every score is multiplied by `scale`.
double loss_with_scale(const Matrix& scores, std::span<const std::uint8_t> labels, float scale) {
    Matrix scaled = scores, unused;
    for (float& score : scaled.values()) score *= scale;
    return softmax_cross_entropy(scaled, labels, unused);
}

std::string draw_loss() {
    LinePlot plot{"What a guess costs",
                  Axis{"probability of the right class", 0.0, 1.0},
                  Axis{"loss, −log p", 0.0, 5.0},
                  {{"", {}}}};
    for (double p = 0.005; p <= 1.0; p += 0.005) plot.series[0].points.push_back({p, -std::log(p)});
    plot.marks = {{{0.1, std::log(10.0)}, "one of ten: 2.303"},
                  {{0.5, std::log(2.0)}, "one of two: 0.693"},
                  {{0.9, std::log(10.0 / 9.0)}, "nine of ten: 0.105", Anchor::middle}};
    return svg_of(plot, 720, 360);
}

void chapter(Chapter& book) {
    const Matrix z{{0.0f, std::log(2.0f), std::log(5.0f)}};
    Matrix p;
    softmax(z, p);
    std::printf("class   score z     e^z   probability   loss if it is right\n");
    for (std::size_t c = 0; c < 3; ++c) {
        const double score = as_double(z(0, c));
        std::printf("%5zu %9.4f %7.3f %13.3f %21.4f\n", c, score, std::exp(score),
                    as_double(p(0, c)), cross_entropy(z.row(0), c));
        book.claim(std::abs(cross_entropy(z.row(0), c) + std::log(as_double(p(0, c)))) < 1e-6,
                   "the loss is minus the logarithm of the probability");
    }

    std::printf("\nscores 1000, 999: ");
    const Matrix large{{1000.0f, 999.0f}};
    for (const float broken : softmax_of_the_formula(large.row(0))) {
        std::printf(" %s", std::isnan(broken) ? "NaN" : "a number");
        book.claim(std::isnan(broken), "infinity divided by infinity is not a number");
    }
    softmax(large, p);
    std::printf(" by the formula, %.4f %.4f with the largest taken out\n", as_double(p(0, 0)),
                as_double(p(0, 1)));

    const Dataset &train = book.data().train, &test = book.data().test;
    Matrix nothing(test.size(), test.classes), unused;
    const double clueless = softmax_cross_entropy(nothing, test.labels, unused);
    std::printf("\nThe loss of knowing nothing: %.6f\n\n", clueless);
    book.claim(std::abs(clueless - std::log(10.0)) < 1e-12, "it is log 10");

    const Matrix means = mean_columns(train);
    Matrix scores;
    gemm(whole(test).input, means, scores);
    subtract_half_squares(means, scores);
    std::printf("The nearest mean, its scores multiplied by\n");
    for (const float scale : {0.01f, 0.03f, 0.1f, 0.3f, 1.0f, 3.0f}) {
        std::printf("%8g: loss %.3f\n", as_double(scale),
                    loss_with_scale(scores, test.labels, scale));
    }
    book.figure("loss.svg", draw_loss);
}

}  // namespace
}  // namespace digits

int main(int argument_count, char** arguments) {
    return digits::run_chapter(argument_count, arguments, digits::chapter);
}
