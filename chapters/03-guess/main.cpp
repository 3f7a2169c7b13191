// Chapter 3: softmax, from logits to probabilities, and the cross-entropy loss of a guess.
#include <algorithm>
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

// Softmax straight from its formula: overflows to NaN for logits above 88.
std::vector<float> softmax_of_the_formula(std::span<const float> z) {
    float sum = 0.0f;
    for (const float logit : z) sum += std::exp(logit);
    std::vector<float> p;
    for (const float logit : z) p.push_back(std::exp(logit) / sum);
    return p;
}

// The mean loss when every logit is multiplied by `factor`.
double loss_with_factor(const Matrix& logits, std::span<const std::uint8_t> labels, float factor) {
    Matrix scaled = logits, unused;
    for (float& logit : scaled.values()) logit *= factor;
    return softmax_cross_entropy(scaled, labels, unused);
}

// The mean loss of answering every image with how frequent each class is in training.
double loss_of_frequencies(const Dataset& train, const Dataset& test) {
    Matrix logits(test.size(), test.classes), unused;
    for (std::size_t c = 0; c < test.classes; ++c) {
        const auto count = static_cast<float>(std::ranges::count(train.labels, c));
        for (std::size_t m = 0; m < logits.rows(); ++m) logits(m, c) = std::log(count);
    }
    return softmax_cross_entropy(logits, test.labels, unused);
}

// The three steps of softmax side by side: logits, their powers, probabilities.
std::string draw_softmax(std::span<const float> z, std::span<const float> p) {
    std::vector<double> logits(z.begin(), z.end()), powers, probabilities(p.begin(), p.end());
    for (const double logit : logits) powers.push_back(std::exp(logit));
    const std::vector<std::string> classes{"class 0", "class 1", "class 2"};
    Svg svg(720, 184, "Softmax in two steps: powers of e, divided by their sum");
    draw(svg, {-30, 8, 270, 190},
         {"logits z", "", classes, logits, {"0", "0.693", "1.609"}, 0, 2.0});
    draw(svg, {210, 8, 270, 190}, {"powers of e", "", classes, powers, {"1", "2", "5"}, 4, 6.0});
    draw(svg, {450, 8, 270, 190},
         {"divided by 8", "", classes, probabilities, {"0.125", "0.25", "0.625"}, 2, 1.0});
    return svg.str();
}

std::string draw_loss() {
    LinePlot plot{"What a guess costs",
                  Axis{"probability of the right class", 0.0, 1.0},
                  Axis{"loss, −log p", 0.0, 5.0},
                  {{"", {}}}};
    for (double p = 0.005; p <= 1.0; p += 0.005) plot.series[0].points.push_back({p, -std::log(p)});
    plot.marks = {{{0.1, std::log(10.0)}, "one in ten: 2.303"},
                  {{0.5, std::log(2.0)}, "one in two: 0.693"},
                  {{0.9, std::log(10.0 / 9.0)}, "nine in ten: 0.105", Anchor::middle}};
    return svg_of(plot, 720, 360);
}

void chapter(Chapter& book) {
    const Matrix z{{0.0f, std::log(2.0f), std::log(5.0f)}};
    Matrix p;
    softmax(z, p);
    std::printf("class   logit z     e^z   probability   loss if it is right\n");
    for (std::size_t c = 0; c < 3; ++c) {
        const double logit = as_double(z(0, c));
        std::printf("%5zu %9.4f %7.3f %13.3f %21.4f\n", c, logit, std::exp(logit),
                    as_double(p(0, c)), cross_entropy(z.row(0), c));
        book.claim(std::abs(cross_entropy(z.row(0), c) + std::log(as_double(p(0, c)))) < 1e-6,
                   "the loss is minus the logarithm of the probability");
    }

    std::printf("\nlogits 1000, 999: ");
    const Matrix large{{1000.0f, 999.0f}};
    for (const float broken : softmax_of_the_formula(large.row(0))) {
        std::printf(" %s", std::isnan(broken) ? "NaN" : "a number");
        book.claim(std::isnan(broken), "infinity divided by infinity is not a number");
    }
    const Matrix p_of_z = p;
    softmax(large, p);
    std::printf(" by the formula, %.4f %.4f with the largest taken out\n", as_double(p(0, 0)),
                as_double(p(0, 1)));

    const Dataset &train = book.data().train, &test = book.data().test;
    Matrix nothing(test.size(), test.classes), unused;
    const double clueless = softmax_cross_entropy(nothing, test.labels, unused);
    std::printf("\nThe loss of knowing nothing: %.6f\n", clueless);
    book.claim(std::abs(clueless - std::log(10.0)) < 1e-12, "it is log 10");
    std::printf("The loss of knowing only how frequent each class is: %.4f\n\n",
                loss_of_frequencies(train, test));

    const Matrix means = mean_columns(train);
    Matrix logits;
    gemm(whole(test).input, means, logits);
    subtract_half_squares(means, logits);
    std::printf("The nearest mean, whose largest logit is %.0f, its logits multiplied by\n",
                as_double(std::ranges::max(logits.values())));
    std::vector<float> factors{0.01f, 0.03f, 0.1f, 0.3f, 1.0f, 3.0f};
    if (!book.as_in_the_text()) factors.push_back(book.real("--factor", 1.0f));
    for (const float factor : factors) {
        std::printf("%8g: loss %.3f\n", as_double(factor),
                    loss_with_factor(logits, test.labels, factor));
    }
    book.figure("softmax.svg", [&] { return draw_softmax(z.row(0), p_of_z.row(0)); });
    book.figure("loss.svg", draw_loss);
}

}  // namespace
}  // namespace digits

int main(int argument_count, char** arguments) {
    return digits::run_chapter(argument_count, arguments, digits::chapter, {"--factor"});
}
