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

struct Experiment {
    const char* name;
    Activation activation;
    Initializer initializer;
};

const Experiment experiments[] = {
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

// The root mean square: how far values lie from zero.
double typical_size(const Matrix& values) {
    double sum = 0.0;
    for (const float value : values.values()) sum += as_double(value) * as_double(value);
    return std::sqrt(sum / static_cast<double>(values.size()));
}

// Layer 2l is dense, layer 2l + 1 its activation function: what belongs to hidden layer l.
const Matrix& hidden(const std::vector<Matrix>& of_layers, std::size_t l) {
    return of_layers[2 * l + 1];
}

// The share, in percent, of outputs where the derivative is less than a fifth of the largest.
double flat_percent(Activation activation, const Matrix& outputs) {
    std::size_t flat = 0;
    for (const float y : outputs.values()) {
        const float slope = activation == Activation::tanh ? 1 - y * y : 4 * y * (1 - y);
        if (activation == Activation::relu ? y == 0.0f : slope < 0.2f) ++flat;
    }
    return 100.0 * static_cast<double>(flat) / static_cast<double>(outputs.size());
}

// Units of all hidden layers that are zero for every image.
std::size_t dead_units(const Activations& activations, std::size_t layers) {
    std::size_t dead = 0;
    for (std::size_t l = 0; l < layers; ++l) {
        const Matrix& outputs = hidden(activations.outputs, l);
        for (std::size_t unit = 0; unit < outputs.columns(); ++unit) {
            std::size_t i = 0;
            while (i < outputs.rows() && outputs(i, unit) == 0.0f) ++i;
            dead += i == outputs.rows();
        }
    }
    return dead;
}

// A row of histograms for each experiment: relu from 0 to 3, the others from -1 to 1.
std::string draw_histograms(const std::vector<Activations>& activations) {
    Svg svg(720, 486, "What each hidden layer passes on before the first step");
    for (const double x : {1, 2, 3, 4, 5}) {
        svg.words({100 + 110 * x, 26}, str_cat("layer ", x), "label", Anchor::middle);
    }
    for (std::size_t e = 1; e < activations.size(); ++e) {
        const bool is_relu = experiments[e].activation == Activation::relu;
        const double top = 54.0 * static_cast<double>(e) - 14;
        svg.words({14, top + 34}, experiments[e].name, "label");
        for (std::size_t layer = 0; layer < 5; ++layer) {
            const double left = 160 + 110.0 * static_cast<double>(layer);
            draw_histogram(svg, {left, top, 100, 46},
                           histogram(hidden(activations[e].outputs, layer).values(),
                                     is_relu ? 0.0 : -1.0, is_relu ? 3.0 : 1.0, 40),
                           is_relu ? "s0" : "s1");
        }
    }
    return svg.str();
}

void check_the_rule(Chapter& book) {
    std::printf("Sums of 100 weights of standard deviation s, 10,000 such sums:\n");
    Random random(1);
    for (const double deviation : {0.01, 0.1, 1.0}) {
        Matrix sums(1, 10'000);
        for (float& sum : sums.values()) {
            for (int i = 0; i < 100; ++i) sum += static_cast<float>(deviation * random.normal());
        }
        std::printf("  s = %-5g typical size %.2f\n", deviation, typical_size(sums));
        book.claim(std::abs(typical_size(sums) / (10 * deviation) - 1) < 0.03, "it is 10 s");
    }
    Matrix xavier(100, 100);
    initialize(xavier, {InitializerKind::xavier}, random);
    std::printf("Xavier's weights of 100 x 100: typical size %.2f, the largest %.3f\n",
                typical_size(xavier), as_double(std::ranges::max(xavier.values())));
}

// One column each for up to five hidden layers, evenly spaced.
void print_sizes(const std::vector<Matrix>& of_layers, std::size_t hidden_layers) {
    const std::size_t stride = (hidden_layers + 4) / 5;
    for (std::size_t layer = stride; layer <= hidden_layers; layer += stride) {
        std::printf("%8.2g", typical_size(hidden(of_layers, layer - 1)));
    }
}

void chapter(Chapter& book) {
    check_the_rule(book);
    const Dataset& train = book.data().train;
    Batch seen;
    gather(train, BatchSampler(train.size(), 1000).batch(0), seen);
    std::printf("Pixels of 1,000 images: typical size %.2f\n", typical_size(seen.input));

    const std::size_t layers = std::max<std::size_t>(1, book.number("--layers", 5));
    std::vector<Network> networks;
    std::vector<Activations> activations(std::size(experiments));
    Matrix grad_logits;
    std::printf("\nsize of outputs   of layers %zu to %-22zu    loss   flat\n", (layers + 4) / 5,
                layers);
    for (const auto& [name, activation, initializer] : experiments) {
        Random random(book.number("--seed", 1));
        const NetworkSettings settings{.hidden = std::vector<std::size_t>(layers, 100),
                                       .activation = activation,
                                       .initializer = initializer};
        networks.push_back(build_network(train.inputs(), train.classes, settings, random));
        Activations& kept = activations[networks.size() - 1];
        const double loss = softmax_cross_entropy(networks.back().forward(seen.input, kept),
                                                  seen.labels, grad_logits);
        networks.back().backward(seen.input, kept, grad_logits);
        std::printf("%-18s", name);
        print_sizes(kept.outputs, layers);
        std::printf("%#9.3g %5.0f %%\n", loss,
                    flat_percent(activation, hidden(kept.outputs, layers - 1)));
    }
    std::printf("\nsize of derivatives with respect to these outputs      dW1    dW%zu\n", layers);
    for (std::size_t e = 0; e < networks.size(); ++e) {
        const std::vector<Parameter*> parameters = networks[e].parameters();
        std::printf("%-18s", experiments[e].name);
        print_sizes(activations[e].gradients, layers);
        std::printf("%9.0e %7.0e\n", typical_size(parameters[0]->gradient),
                    typical_size(parameters[2 * layers - 2]->gradient));
    }
    book.figure("histograms.svg", [&] { return draw_histograms(activations); });

    std::printf("\nafter an epoch:         loss   dead units   test accuracy\n");
    const Batch asked = whole(book.data().test);
    for (std::size_t e = 0; e < networks.size(); ++e) {
        Random shuffling(book.number("--seed", 1) + 1);
        train_epoch(networks[e], train, 64, book.real("--learning-rate", 0.1f), shuffling);
        const Matrix& logits = networks[e].forward(asked.input, activations[e]);
        const double loss = softmax_cross_entropy(logits, asked.labels, grad_logits);
        const std::size_t dead = dead_units(activations[e], layers);
        book.claim(e != 0 || dead == layers * 100, "zeros stay zeros: no unit is ever on");
        std::printf("%-18s%10.2f %12zu %13.1f %%\n", experiments[e].name, std::abs(loss), dead,
                    accuracy(logits, asked.labels));  // abs(): not "-nan"
    }
}

}  // namespace
}  // namespace digits

int main(int argument_count, char** arguments) {
    return digits::run_chapter(argument_count, arguments, digits::chapter,
                               {"--layers", "--learning-rate", "--seed"});
}
