// Chapter 6: weight initialization: how large signals and gradients are in each layer.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include "../book.h"
#include "../descent.h"
#include "../shared.h"
#include "data/dataset.h"
#include "linalg/matrix.h"
#include "network/activation.h"
#include "network/initializer.h"
#include "network/loss.h"
#include "network/network.h"
#include "plot/plot.h"
#include "util/random.h"

namespace digits {
namespace {

constexpr std::size_t hidden_layers = 5, units = 100;

struct Start {
    const char* name;
    Activation activation;
    Initializer initializer;
};

const Start starts[] = {
    {"relu, zeros", Activation::relu, {InitializerKind::zeros}},
    {"relu, normal 0.01", Activation::relu, {InitializerKind::normal, 0.01}},
    {"relu, normal 0.5", Activation::relu, {InitializerKind::normal, 0.5}},
    {"relu, Xavier", Activation::relu, {InitializerKind::xavier}},
    {"relu, He", Activation::relu, {InitializerKind::he}},
    {"tanh, normal 0.01", Activation::tanh, {InitializerKind::normal, 0.01}},
    {"tanh, normal 0.5", Activation::tanh, {InitializerKind::normal, 0.5}},
    {"tanh, Xavier", Activation::tanh, {InitializerKind::xavier}},
    {"sigmoid, Xavier", Activation::sigmoid, {InitializerKind::xavier}},
};

Network make(const Start& start, std::size_t inputs, std::size_t classes) {
    Random random(1);
    return build_network(inputs, classes,
                         {.hidden = std::vector<std::size_t>(hidden_layers, units),
                          .activation = start.activation,
                          .initializer = start.initializer},
                         random);
}

// The root mean square: how far values lie from zero.
double typical_size(const Matrix& values) {
    double sum = 0.0;
    for (const float value : values.values()) sum += as_double(value) * as_double(value);
    return std::sqrt(sum / static_cast<double>(values.size()));
}

// Layer 2l is dense, layer 2l + 1 its activation function, whose output is that of hidden layer l.
const Matrix& hidden_output(const Activations& activations, std::size_t layer) {
    return activations.outputs[2 * layer + 1];
}

// Units of a hidden layer that are zero for every image.
std::size_t dead_units(const Matrix& outputs) {
    std::size_t dead = 0;
    for (std::size_t unit = 0; unit < outputs.columns(); ++unit) {
        std::size_t i = 0;
        while (i < outputs.rows() && outputs(i, unit) == 0.0f) ++i;
        dead += i == outputs.rows();
    }
    return dead;
}

// A row of histograms, one for each hidden layer: relu from 0 to 3, the others from -1 to 1.
void draw_row(Svg& svg, double top, const Start& start, const Activations& activations) {
    const bool is_relu = start.activation == Activation::relu;
    svg.words({14, top + 34}, start.name, "label");
    for (std::size_t layer = 0; layer < hidden_layers; ++layer) {
        draw_histogram(svg, {160 + 110.0 * static_cast<double>(layer), top, 100, 46},
                       histogram(hidden_output(activations, layer).values(), is_relu ? 0.0 : -1.0,
                                 is_relu ? 3.0 : 1.0, 40),
                       is_relu ? "s0" : "s1");
    }
}

void chapter(Chapter& book) {
    std::printf("A sum of 100 weights of deviation s, over 10,000 such sums:\n");
    Random random(1);
    for (const double deviation : {0.01, 0.1, 1.0}) {
        Matrix sums(1, 10'000);
        for (float& sum : sums.values()) {
            for (int i = 0; i < 100; ++i) sum += static_cast<float>(deviation * random.normal());
        }
        std::printf("  s = %-5g typical size %.2f\n", deviation, typical_size(sums));
        book.claim(std::abs(typical_size(sums) / (10 * deviation) - 1) < 0.03, "it is 10 s");
    }

    const Dataset &train = book.data().train, &test = book.data().test;
    Batch seen;
    gather(train, BatchSampler(train.size(), 1000).batch(0), seen);
    const Batch asked = whole(test);
    Svg svg(720, 486, "What each hidden layer gives on before the first step");
    for (std::size_t layer = 1; layer <= hidden_layers; ++layer) {
        svg.words({100.0 + 110.0 * static_cast<double>(layer), 26}, str_cat("layer ", layer),
                  "label", Anchor::middle);
    }
    double top = 40;
    Activations activations;
    Matrix grad_logits;
    std::printf(
        "\n                        outputs of layers 1 to 5                dW1     dW5"
        "    after an epoch: loss, dead, test\n");
    for (const Start& start : starts) {
        Network network = make(start, train.inputs(), train.classes);
        softmax_cross_entropy(network.forward(seen.input, activations), seen.labels, grad_logits);
        network.backward(seen.input, activations, grad_logits);
        std::printf("%-18s", start.name);
        for (std::size_t layer = 0; layer < hidden_layers; ++layer) {
            std::printf("%8.2g", typical_size(hidden_output(activations, layer)));
        }
        const std::vector<Parameter*> parameters = network.parameters();
        std::printf("%10.0e %7.0e", typical_size(parameters[0]->gradient),
                    typical_size(parameters[2 * hidden_layers - 2]->gradient));
        if (start.initializer.kind != InitializerKind::zeros) {
            draw_row(svg, top, start, activations);
            top += 54;
        }
        Random shuffling(2);
        train_epoch(network, train, 64, 0.1f, shuffling);
        const Matrix& logits = network.forward(asked.input, activations);
        const double loss = softmax_cross_entropy(logits, asked.labels, grad_logits);
        std::size_t dead = 0;
        for (std::size_t layer = 0; layer < hidden_layers; ++layer) {
            dead += dead_units(hidden_output(activations, layer));
        }
        book.claim(
            dead == hidden_layers * units || start.initializer.kind != InitializerKind::zeros,
            "zeros stay zeros: no unit is ever on");
        std::printf(std::isnan(loss) ? "               nan" : "%18.2f", loss);
        std::printf(" %6zu %6.1f %%\n", dead, accuracy(logits, asked.labels));
    }
    book.figure("histograms.svg", [&] { return svg.str(); });
}

}  // namespace
}  // namespace digits

int main(int argument_count, char** arguments) {
    return digits::run_chapter(argument_count, arguments, digits::chapter);
}
