#include "network/network.h"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <locale>
#include <sstream>
#include <vector>

#include "check.h"
#include "network/gradient_check.h"

namespace digits {
namespace {

using testing::check;
using testing::check_equal;
using testing::check_near;
using testing::check_throws;

Matrix random_matrix(std::size_t rows, std::size_t columns, std::uint64_t seed) {
    Random random(seed);
    Matrix matrix(rows, columns);
    for (float& value : matrix.values()) value = static_cast<float>(random.normal());
    return matrix;
}

NetworkSettings hidden(std::vector<std::size_t> sizes) {
    NetworkSettings settings;
    settings.hidden = std::move(sizes);
    return settings;
}

TEST(forward_runs_the_layers_in_order) {
    // [1 -1] -> dense [1 2; 3 4] -> [-2 -2], + bias [1 3] -> [-1 1] -> relu [0 1] -> dense [5; 7]
    Random random(1);
    Dense first(2, 2, {InitializerKind::zeros}, random);
    first.weight.value = Matrix{{1, 2}, {3, 4}};
    first.bias.value = Matrix{{1, 3}};
    Dense second(2, 1, {InitializerKind::zeros}, random);
    second.weight.value = Matrix{{5}, {7}};
    const Network network(2, {first, Relu{}, second});
    Activations activations;
    check(network.forward(Matrix{{1, -1}}, activations) == Matrix{{7}});
    check(activations.outputs[1] == Matrix{{0, 1}});
}

TEST(layers_that_do_not_fit_are_refused) {
    Random random(1);
    const Dense narrow(4, 3, {}, random), wide(5, 2, {}, random);
    check_throws(
        [&] {
            Network(4, {narrow, Relu{}, wide});
        },
        "network: layer 3 of 3, dense 2, does not fit: dense: the input has 3 values but the "
        "weight expects 5");
    check_throws([&] { Network(5, {narrow}); }, "layer 1 of 1, dense 3, does not fit");
    check_throws([] { Network(4, {Relu{}}); }, "no layer has parameters");
}

TEST(an_input_of_a_different_width_is_refused) {
    Random random(1);
    const Network network = build_network(4, 2, hidden({3}), random);
    Activations activations;
    check_throws([&] { network.forward(Matrix(1, 5), activations); }, "input is 1x5");
}

TEST(a_network_has_a_description_and_a_parameter_count) {
    Random random(1);
    NetworkSettings settings = hidden({24, 24});
    settings.activation = Activation::tanh;
    settings.dropout = 0.5;
    const Network network = build_network(784, 10, settings, random);
    check_equal(describe(network), "784-24-24-10 tanh dropout 0.5");
    check_equal(parameter_count(network), 785u * 24 + 25 * 24 + 25 * 10);
    check_equal(network.parameters()[2]->name, "layer2.weight");
    check_equal(describe(build_network(784, 10, hidden({}), random)), "784-10");
    settings.input_dropout = 0.2;
    check_equal(describe(build_network(784, 10, settings, random)),
                "784-24-24-10 input dropout 0.2 tanh dropout 0.5");
    settings.dropout = 0.2;
    check_equal(describe(build_network(784, 10, settings, random)),
                "784-24-24-10 input dropout 0.2 tanh dropout 0.2");
}

TEST(copies_are_independent) {
    Random random(1);
    Network network = build_network(4, 2, hidden({3}), random);
    const Network copy = network;
    check_equal(weights_hash(copy), weights_hash(network));
    network.parameters()[0]->value(0, 0) += 1.0f;
    check(weights_hash(copy) != weights_hash(network));
}

TEST(the_weights_hash_is_fnv_1a_of_the_little_endian_bits) {
    // Weight 1.0f = 0x3f800000 and bias 0: the bytes 00 00 80 3f 00 00 00 00, hashed here
    // independently.
    Random random(1);
    Dense dense(1, 1, {InitializerKind::zeros}, random);
    dense.weight.value = Matrix{{1}};
    std::uint64_t hash = 14695981039346656037u;
    for (const unsigned byte : {0x00u, 0x00u, 0x80u, 0x3fu, 0u, 0u, 0u, 0u}) {
        hash = (hash ^ byte) * 1099511628211u;
    }
    std::ostringstream expected;
    expected.imbue(std::locale::classic());
    expected << std::hex << std::setw(16) << std::setfill('0') << hash;
    check_equal(weights_hash(Network(1, {dense})), expected.str());
}

TEST(dropout_is_active_in_training_and_off_in_inference) {
    Random random(1);
    NetworkSettings settings = hidden({50});
    settings.dropout = 0.5;
    const Network network = build_network(8, 3, settings, random);
    const Matrix input = random_matrix(5, 8, 2);
    Activations activations;
    const Matrix inferred = network.forward(input, activations);
    check(network.forward(input, activations) == inferred);
    const Matrix trained = network.forward(input, activations, random);
    check(trained != inferred);
    check(network.forward(input, activations, random) != trained);
    check(network.forward(input, activations) == inferred);
}

TEST(each_dropout_layer_drops_its_own_elements) {
    // If both dropped the same ones, half of them would remain instead of a quarter.
    Random random(1);
    Dense ones(1, 1000, {InitializerKind::zeros}, random);
    ones.bias.value = Matrix(1, 1000, 1.0f);
    const Network network(1, {ones, Dropout(0.5), Dropout(0.5)});
    Activations activations;
    const Matrix& output = network.forward(Matrix{{0}}, activations, random);
    const auto kept = 1000 - std::ranges::count(output.values(), 0.0f);
    check(kept > 200 && kept < 300);
}

TEST(inputs_are_dropped_in_training_only) {
    Random random(1);
    NetworkSettings settings = hidden({7});
    settings.input_dropout = 0.5;
    Network network = build_network(8, 3, settings, random);
    const Matrix input = random_matrix(5, 8, 2);
    Activations activations;
    const Matrix inferred = network.forward(input, activations);
    const Network without_dropout(
        8, std::vector<Layer>(network.layers().begin() + 1, network.layers().end()));
    check(without_dropout.forward(input, activations) == inferred);
    check(network.forward(input, activations, random) != inferred);

    // Computing dL/d input does not change the gradients of the weights. Dropped inputs have the
    // gradient 0.
    const Matrix grad_logits = random_matrix(5, 3, 3);
    network.backward(input, activations, grad_logits);
    const Matrix grad_weight = network.parameters()[0]->gradient;
    Matrix grad_input;
    network.backward(input, activations, grad_logits, &grad_input);
    check(network.parameters()[0]->gradient == grad_weight);
    std::size_t dropped = 0;
    for (std::size_t i = 0; i < input.size(); ++i) {
        const bool is_dropped = activations.outputs[0].values()[i] == 0.0f;
        check_equal(grad_input.values()[i] == 0.0f, is_dropped);
        dropped += is_dropped;
    }
    check(dropped > 8 && dropped < 32);
}

TEST(backward_after_inference_is_refused_when_there_is_dropout) {
    Random random(1);
    NetworkSettings settings = hidden({5});
    settings.dropout = 0.5;
    Network network = build_network(8, 3, settings, random);
    const Matrix input = random_matrix(5, 8, 2);
    Activations activations;
    check_throws([&] { network.backward(input, activations, Matrix(5, 3)); }, "forward() filled");
    network.forward(input, activations);
    check_throws([&] { network.backward(input, activations, Matrix(5, 3)); }, "after inference");
}

TEST(gradients_match_finite_differences_for_every_kind_of_layer) {
    const std::vector<std::uint8_t> labels{0, 3, 1, 2, 2, 0};
    for (const Activation activation : {Activation::relu, Activation::tanh, Activation::sigmoid}) {
        for (const double dropout : {0.0, 0.3}) {
            Random random(5);
            NetworkSettings settings = hidden({7, 6});
            settings.activation = activation;
            settings.initializer = {InitializerKind::xavier};
            settings.dropout = dropout;
            settings.input_dropout = dropout / 2;
            Network network = build_network(5, 4, settings, random);
            // A unit whose inputs were all dropped outputs its bias: 0 would lie on the kink of
            // ReLU.
            for (Parameter* parameter : network.parameters()) {
                for (float& value : parameter->value.values()) value += 0.1f;
            }
            const std::string before = weights_hash(network);
            for (const GradientVerdict& verdict :
                 check_gradients(network, random_matrix(6, 5, 8), labels)) {
                check(verdict.passed);
                // The truncation error, h^2 times a third derivative, is about 1e-4. Elements with
                // a kink of ReLU within +-h are skipped.
                check_near(verdict.relative_error, 0.0, 2e-4);
            }
            check_equal(weights_hash(network), before);
        }
    }
}

TEST(the_gradient_check_fails_when_the_two_disagree) {
    // With a step of 3 the difference does not approximate the derivative: the check must fail.
    Random random(5);
    NetworkSettings sigmoid = hidden({6});
    sigmoid.activation = Activation::sigmoid;
    Network network = build_network(5, 4, sigmoid, random);
    const Matrix input = random_matrix(6, 5, 8);
    const std::vector<std::uint8_t> labels{0, 3, 1, 2, 2, 0};
    GradientCheckSettings settings;
    settings.step = 3.0;
    bool all_passed = true;
    for (const GradientVerdict& verdict : check_gradients(network, input, labels, settings)) {
        all_passed = all_passed && verdict.passed;
    }
    check(!all_passed);
}

TEST(the_gradient_check_does_not_accept_gradients_that_are_all_zero) {
    Random random(5);
    NetworkSettings settings = hidden({6});
    settings.initializer = {InitializerKind::zeros};
    Network network = build_network(5, 4, settings, random);
    const auto verdicts =
        check_gradients(network, random_matrix(6, 5, 8), std::vector<std::uint8_t>(6, 1));
    check(verdicts[0].all_zero && !verdicts[0].passed);  // layer1.weight
    check(!verdicts[3].all_zero && verdicts[3].passed);  // layer2.bias
}

TEST(the_gradient_check_samples_the_elements_of_large_parameters) {
    Random random(5);
    Network network = build_network(50, 4, hidden({6}), random);
    GradientCheckSettings settings;
    settings.elements_per_parameter = 10;
    const auto verdicts = check_gradients(network, random_matrix(6, 50, 8),
                                          std::vector<std::uint8_t>(6, 1), settings);
    check_equal(verdicts[0].elements + verdicts[0].skipped, 10u);
    check_equal(verdicts[1].elements + verdicts[1].skipped, 6u);
    check(verdicts[0].elements > 0);
}

}  // namespace
}  // namespace digits
