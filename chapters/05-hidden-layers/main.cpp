// Chapter 5: hidden layers and their activation function, backpropagation, the gradient check.
#include <cmath>
#include <cstdio>
#include <vector>

#include "../book.h"
#include "../descent.h"
#include "../shared.h"
#include "data/dataset.h"
#include "figures.h"
#include "linalg/matrix.h"
#include "network/activation.h"
#include "network/dense.h"
#include "network/gradient_check.h"
#include "network/loss.h"
#include "network/network.h"
#include "util/random.h"

namespace digits {
namespace {

// The exclusive or: 1 where exactly one of two inputs is 1.
const Batch xor_batch{Matrix{{0, 0}, {0, 1}, {1, 0}, {1, 1}}, {0, 1, 1, 0}};

// The network of XOR with weights found by thought.
Network network_by_hand(float output_bias) {
    Random unused(1);
    Dense first(2, 2, {}, unused), second(2, 1, {}, unused);
    first.weight.value = Matrix{{1, 1}, {1, 1}};
    first.bias.value = Matrix{{0, -1}};
    second.weight.value = Matrix{{1}, {-2}};
    second.bias.value = Matrix{{output_bias}};
    return Network(2, {first, Relu{}, second});
}

void forward_by_hand(Chapter& book) {
    const Network network = network_by_hand(-0.5f);
    Activations activations;
    const Matrix& z = network.forward(xor_batch.input, activations);
    std::printf("inputs   sums u   hidden h      z   answer\n");
    for (std::size_t i = 0; i < 4; ++i) {
        const auto at = [&](const Matrix& m, std::size_t c) { return as_double(m(i, c)); };
        const Matrix &u = activations.outputs[0], &h = activations.outputs[1];
        std::printf("%g  %g    %2g %2g      %g  %g    %5.1f %6d\n", at(xor_batch.input, 0),
                    at(xor_batch.input, 1), at(u, 0), at(u, 1), at(h, 0), at(h, 1), at(z, 0),
                    z(i, 0) > 0);
    }
    book.claim(z == Matrix{{-0.5f}, {0.5f}, {0.5f}, {-0.5f}}, "z > 0 is the exclusive or");
}

// The loss of a point whose answer is 0. The logit of answer 0 is always 0, that of answer 1 is z.
double find_loss(const Network& network, const Matrix& x, Activations& activations, Matrix& dz) {
    const Matrix& z = network.forward(x, activations);
    Matrix gradient;
    const std::uint8_t labels[] = {0};
    const double loss = softmax_cross_entropy(Matrix{{0, z(0, 0)}}, labels, gradient);
    dz = Matrix{{gradient(0, 1)}};
    return loss;
}

void backward_by_hand(Chapter& book) {
    Network network = network_by_hand(0);  // its last bias forgotten
    const std::vector<Parameter*> parameters = network.parameters();
    const Matrix x{{1, 1}};
    Activations activations;
    Matrix dz, dx;
    const double loss = find_loss(network, x, activations, dz);
    network.backward(x, activations, dz, &dx);
    const std::vector<Quantity> table = quantities_of(network, x, activations, loss, dz, dx);
    print(table);
    book.claim(parameters[0]->gradient == Matrix{{0.5f, -1}, {0.5f, -1}}, "dW1");
    book.claim(parameters[2]->gradient == Matrix{{1}, {0.5f}}, "dW2");
    book.figure("graph.svg", [&] { return draw_graph(table); });
    book.figure("planes.svg", draw_planes);
    parameters[0]->value(0, 1) += 0.01f;
    std::printf("only x1 -> u2, from 1 to 1.01: loss %.4f\n",
                find_loss(network, x, activations, dz));
    parameters[0]->value(0, 1) = 1;
    for (Parameter* parameter : parameters) {
        for (std::size_t i = 0; i < parameter->value.size(); ++i)
            parameter->value.values()[i] -= 0.1f * parameter->gradient.values()[i];
    }
    const double after = find_loss(network, x, activations, dz);
    const float z = activations.outputs.back()(0, 0);
    std::printf("all by a step of 0.1: z = %.2f, loss %.4f\n", as_double(z), after);
    book.claim(std::abs(z + 1.05f) < 1e-6f, "one step brings z to -1.05");
}

// A network with two logits after `steps` steps on the four points; `loss` is that of the last one.
Network learn_xor(const std::vector<std::size_t>& hidden, std::size_t seed, int steps,
                  double& loss) {
    Random random(seed);
    Network network = build_network(2, 2, {.hidden = hidden}, random);
    Activations activations;
    Matrix grad_logits;
    for (int i = 0; i < steps; ++i)
        loss = train_step(network, xor_batch, activations, grad_logits, 0.2f);
    return network;
}

void learn_xor(Chapter& book) {
    double loss = 0.0;
    const Network linear = learn_xor({}, 3, 2000, loss);
    std::printf("\nlearned, 2000 steps of rate 0.2: one layer, loss %.4f\n", loss);
    book.claim(std::abs(loss - std::log(2.0)) < 1e-4, "one layer ends at log 2");
    for (const std::size_t units : {2u, 4u, 8u, 16u}) {
        int solved = 0;
        for (std::size_t seed = 1; seed <= 100; ++seed) {
            learn_xor({units}, seed, 2000, loss);
            solved += loss < 0.1;
        }
        std::printf("%2zu hidden units: a loss below 0.1 from %d of 100 starts\n", units, solved);
    }
    book.figure("xor.svg", [&] {
        std::vector<Network> networks{linear};
        for (const int steps : {20, 200, 2000}) networks.push_back(learn_xor({8}, 3, steps, loss));
        return draw_answers(networks, {"one layer", "8 hidden, step 20", "step 200", "step 2000"});
    });
}

// Multiplications for one image; the biases need none.
void count_products(std::size_t inputs, std::size_t hidden, std::size_t outputs) {
    const std::size_t first = inputs * hidden, last = hidden * outputs, forward = first + last;
    std::printf("\nmultiplications for one image of %zu-%zu-%zu\n", inputs, hidden, outputs);
    std::printf("forward                %14zu\n", forward);
    std::printf("backward               %14zu\n", last + last + first);  // dW2, dH, dW1
    std::printf("each weight by itself  %14zu\n", last + first * (outputs + 1));
    std::printf("finite differences     %14zu\n", 2 * (forward + hidden + outputs) * forward);
}

void chapter(Chapter& book) {
    forward_by_hand(book);
    backward_by_hand(book);
    learn_xor(book);
    const Dataset &train = book.data().train, &test = book.data().test;
    const std::size_t hidden = book.number("--hidden", 128), epochs = book.number("--epochs", 5);
    const float learning_rate = book.real("--learning-rate", 0.2f);
    constexpr std::size_t batch_size = 64;
    count_products(train.inputs(), hidden, train.classes);
    Random random(book.number("--seed", 1));
    Network network = build_network(train.inputs(), train.classes, {.hidden = {hidden}}, random);
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
                    train_epoch(network, train, batch_size, learning_rate, random));
    }
    const Batch asked = whole(test);
    Activations activations;
    std::printf("test accuracy %.2f %%\n",
                accuracy(network.forward(asked.input, activations), asked.labels));
    book.figure("units.svg", [&] {
        return draw_units(network.parameters()[0]->value, train.rows, train.columns);
    });
}

}  // namespace
}  // namespace digits

int main(int argument_count, char** arguments) {
    return digits::run_chapter(argument_count, arguments, digits::chapter,
                               {"--hidden", "--learning-rate", "--epochs", "--seed"});
}
