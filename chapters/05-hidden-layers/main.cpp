// Chapter 5: hidden layers and their activation function, backpropagation, the gradient check.
#include <cmath>
#include <cstdio>
#include <vector>

#include "../book.h"
#include "../descent.h"
#include "../shared.h"
#include "data/dataset.h"
#include "linalg/matrix.h"
#include "network/activation.h"
#include "network/dense.h"
#include "network/gradient_check.h"
#include "network/loss.h"
#include "network/network.h"
#include "plot/plot.h"
#include "util/random.h"

namespace digits {
namespace {

// The exclusive or: 1 where exactly one of two inputs is 1.
const Batch xor_batch{Matrix{{0, 0}, {0, 1}, {1, 0}, {1, 1}}, {0, 1, 1, 0}};

void solve_xor_by_hand(Chapter& book) {
    Random unused(1);
    Dense first(2, 2, {}, unused), second(2, 1, {}, unused);
    first.weight.value = Matrix{{1, 1}, {1, 1}};
    first.bias.value = Matrix{{0, -1}};
    second.weight.value = Matrix{{1}, {-2}};
    Matrix sums, hidden, output;
    first.forward(xor_batch.input, sums);
    Relu{}.forward(sums, hidden);
    second.forward(hidden, output);
    std::printf("inputs   sums     hidden   output\n");
    for (std::size_t i = 0; i < 4; ++i) {
        const auto shown = [&](const Matrix& m, std::size_t c) { return as_double(m(i, c)); };
        std::printf("%g  %g   %2g %2g    %2g %2g   %5g\n", shown(xor_batch.input, 0),
                    shown(xor_batch.input, 1), shown(sums, 0), shown(sums, 1), shown(hidden, 0),
                    shown(hidden, 1), shown(output, 0));
    }
    book.claim(output == Matrix{{0}, {1}, {1}, {0}}, "the output is the exclusive or");

    // Backward from dz = 1 for the last of the four points alone.
    const Matrix dz{{0}, {0}, {0}, {1}};
    Matrix grad_hidden, grad_sums;
    second.backward(hidden, output, dz, &grad_hidden);
    Relu{}.backward(sums, hidden, grad_hidden, &grad_sums);
    first.backward(xor_batch.input, sums, grad_sums, nullptr);
    book.claim(second.weight.gradient == Matrix{{2}, {1}}, "dW of the output is (2, 1)");
    book.claim(first.weight.gradient == Matrix{{1, -2}, {1, -2}}, "dW of the first layer");
    std::printf("dW of the second layer: %g %g; of the first: %g %g, %g %g\n",
                as_double(second.weight.gradient(0, 0)), as_double(second.weight.gradient(1, 0)),
                as_double(first.weight.gradient(0, 0)), as_double(first.weight.gradient(0, 1)),
                as_double(first.weight.gradient(1, 0)), as_double(first.weight.gradient(1, 1)));
}

// Trains a network with 2 inputs and 2 outputs on the four points. Sets `loss` to that of the last
// step.
Network learn_xor(const std::vector<std::size_t>& hidden, double& loss) {
    Random random(3);
    Network network = build_network(2, 2, {.hidden = hidden}, random);
    Activations activations;
    Matrix grad_logits;
    for (int i = 0; i < 2000; ++i) {
        loss = train_step(network, xor_batch, activations, grad_logits, 0.2f);
    }
    return network;
}

// What the network predicts on the square [-0.25, 1.25]: blue where it says 1, orange where 0.
void draw_predictions(Svg& svg, Point at, const Network& network, const char* name) {
    constexpr std::size_t side = 60;
    Matrix points(side * side, 2), predictions(side, side), probabilities;
    for (std::size_t i = 0; i < points.rows(); ++i) {
        points(i, 0) = static_cast<float>(i % side) / (side - 1) * 1.5f - 0.25f;
        points(i, 1) = 1.25f - static_cast<float>(i / side) / (side - 1) * 1.5f;
    }
    Activations activations;
    softmax(network.forward(points, activations), probabilities);
    for (std::size_t i = 0; i < points.rows(); ++i) {
        predictions.values()[i] = probabilities(i, 1) - probabilities(i, 0);
    }
    constexpr double size = 240;
    svg.words({at.x, at.y - 10}, name, "label");
    svg.pixels({at.x, at.y, size, size}, signed_pixels(predictions, 1.0));
    svg.frame({at.x, at.y, size, size}, "grid");
    svg.words({at.x + size / 2, at.y + size + 18}, "x1", "label", Anchor::middle);
    svg.words({at.x - 10, at.y + size / 2}, "x2", "label", Anchor::end);
    for (std::size_t i = 0; i < 4; ++i) {
        const double x = at.x + size * (as_double(xor_batch.input(i, 0)) + 0.25) / 1.5;
        const double y = at.y + size * (1.25 - as_double(xor_batch.input(i, 1))) / 1.5;
        svg.dot({x, y}, 13, "paper");
        svg.words({x, y + 5}, std::to_string(xor_batch.labels[i]), "title", Anchor::middle);
    }
}

void chapter(Chapter& book) {
    solve_xor_by_hand(book);
    double linear_loss = 0.0, hidden_loss = 0.0;
    const Network linear = learn_xor({}, linear_loss), hidden = learn_xor({8}, hidden_loss);
    std::printf("\ntrained: one layer, loss %.4f; with 8 hidden units, loss %.2f\n", linear_loss,
                hidden_loss);
    book.claim(std::abs(linear_loss - std::log(2.0)) < 1e-4, "one layer ends at log 2");
    book.figure("xor.svg", [&] {
        Svg svg(720, 300, "The exclusive or, as one layer and as two layers see it");
        draw_predictions(svg, {80, 40}, linear, "one layer: undecided everywhere");
        draw_predictions(svg, {400, 40}, hidden, "with 8 hidden units");
        return svg.str();
    });

    const Dataset &train = book.data().train, &test = book.data().test;
    constexpr std::size_t epochs = 5, batch_size = 64;
    Random random(1);
    Network network = build_network(train.inputs(), train.classes, {.hidden = {128}}, random);
    Batch batch;
    gather(train, BatchSampler(train.size(), batch_size).batch(0), batch);
    std::printf("\ngradients of %s   compared   relative error\n", describe(network).c_str());
    for (const GradientVerdict& verdict :
         check_gradients(network, batch.input, batch.labels, {.step = 1e-3})) {
        std::printf("%-15s %s %14zu %16.0e\n", verdict.parameter.c_str(),
                    verdict.passed ? "passed" : "FAILED", verdict.elements, verdict.relative_error);
        book.claim(verdict.passed, "every gradient passes");
    }

    std::printf("\n%zu numbers to learn\n", parameter_count(network));
    for (std::size_t epoch = 1; epoch <= epochs; ++epoch) {
        std::printf("epoch %zu  loss %.4f\n", epoch,
                    train_epoch(network, train, batch_size, 0.2f, random));
    }
    const Batch asked = whole(test);
    Activations activations;
    std::printf("test accuracy %.2f %%\n",
                accuracy(network.forward(asked.input, activations), asked.labels));
}

}  // namespace
}  // namespace digits

int main(int argument_count, char** arguments) {
    return digits::run_chapter(argument_count, arguments, digits::chapter);
}
