// Forward pass, gradients and optimizer steps compared with PyTorch in double precision: one
// network, three activation functions, seven optimizers.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "check.h"
#include "golden_file.h"
#include "network/loss.h"
#include "network/network.h"
#include "training/optimizer.h"

namespace digits {
namespace {

using testing::check;
using testing::check_equal;
using testing::check_near;
using testing::GoldenArray;
using testing::GoldenFile;

// A few times the float epsilon, 1.2e-7, relative to the largest element of the matrix: an element
// that is the small difference of large terms has the rounding error of those terms.
constexpr double gradient_tolerance = 2e-6;
constexpr double weight_tolerance = 2e-6;

Matrix to_matrix(const GoldenArray& golden) {
    Matrix matrix(golden.rows, golden.columns);
    std::ranges::transform(golden.values, matrix.data(),
                           [](double value) { return static_cast<float>(value); });
    return matrix;
}

void check_matrix(const Matrix& actual, const GoldenArray& golden, double relative,
                  testing::Location location = testing::Location::current()) {
    check_equal(str_cat(shape(actual)), str_cat(golden.rows, "x", golden.columns), location);
    double largest = 0.0;
    for (const double value : golden.values) largest = std::max(largest, std::abs(value));
    for (std::size_t i = 0; i < golden.values.size(); ++i) {
        check_near(static_cast<double>(actual.values()[i]), golden.values[i], relative * largest,
                   location);
    }
}

struct GoldenStep {
    GoldenFile file;
    Matrix input;
    std::vector<std::uint8_t> labels;
    Network network;
};

// Names of the parameters in the golden files: weight1, bias1, weight2, ...
std::string golden_name(std::size_t parameter) {
    return str_cat(parameter % 2 == 0 ? "weight" : "bias", parameter / 2 + 1);
}

GoldenStep load(const std::string& activation_name) {
    GoldenFile file("step-" + activation_name + ".txt");
    NetworkSettings settings;
    settings.hidden = {7, 6};
    const auto found = std::ranges::find(activation_names, activation_name);
    settings.activation = static_cast<Activation>(found - activation_names.begin());
    Random random(1);
    Network network = build_network(5, 4, settings, random);
    for (std::size_t p = 0; p < network.parameters().size(); ++p) {
        network.parameters()[p]->value = to_matrix(file[golden_name(p)]);
    }
    std::vector<std::uint8_t> labels;
    for (const double label : file["labels"].values) {
        labels.push_back(static_cast<std::uint8_t>(label));
    }
    const Matrix input = to_matrix(file["input"]);
    return {std::move(file), input, std::move(labels), std::move(network)};
}

void check_gradients_of(const std::string& activation) {
    GoldenStep golden = load(activation);
    Activations activations;
    Matrix grad_logits, grad_input;
    const Matrix& logits = golden.network.forward(golden.input, activations);
    check_matrix(logits, golden.file["logits"], 1e-6);

    const double smoothed_loss =
        softmax_cross_entropy(logits, golden.labels, grad_logits, {0.1, Reduction::mean});
    check_near(smoothed_loss, golden.file["loss_label_smoothing_0.1"](0, 0), 1e-6);
    const double loss = softmax_cross_entropy(logits, golden.labels, grad_logits);
    check_near(loss, golden.file["loss"](0, 0), 1e-6);

    golden.network.backward(golden.input, activations, grad_logits, &grad_input);
    const std::vector<Parameter*> parameters = golden.network.parameters();
    check_equal(parameters.size(), 6u);
    for (std::size_t p = 0; p < parameters.size(); ++p) {
        check_matrix(parameters[p]->gradient, golden.file["grad_" + golden_name(p)],
                     gradient_tolerance);
    }
    check_matrix(grad_input, golden.file["grad_input"], gradient_tolerance);
}

struct GoldenOptimizer {
    std::string name;  // in the golden file
    OptimizerKind kind;
    double learning_rate;
    double weight_decay;
};

// The settings with which the files were made, found by trying round numbers until a calculation
// with NumPy in double precision agreed with the files to 1e-15.
const std::vector<GoldenOptimizer> golden_optimizers{
    {"sgd", OptimizerKind::sgd, 0.1, 0.0},
    {"momentum", OptimizerKind::momentum, 0.1, 0.0},
    {"nesterov", OptimizerKind::nesterov, 0.1, 0.0},
    {"sgd-weight-decay", OptimizerKind::sgd, 0.1, 0.01},
    {"rmsprop", OptimizerKind::rmsprop, 0.01, 0.0},
    {"adam", OptimizerKind::adam, 0.01, 0.0},
    {"adamw", OptimizerKind::adamw, 0.01, 0.01},
};

void check_three_steps_of(const std::string& activation) {
    for (const GoldenOptimizer& golden_optimizer : golden_optimizers) {
        GoldenStep golden = load(activation);
        const std::vector<Parameter*> parameters = golden.network.parameters();
        OptimizerSettings settings{golden_optimizer.kind};
        settings.weight_decay = golden_optimizer.weight_decay;
        Optimizer optimizer(settings);
        Activations activations;
        Matrix grad_logits;
        for (std::size_t step = 0; step < 3; ++step) {
            const Matrix& logits = golden.network.forward(golden.input, activations);
            check_near(softmax_cross_entropy(logits, golden.labels, grad_logits),
                       golden.file[golden_optimizer.name + "_losses"](0, step), 2e-6);
            golden.network.backward(golden.input, activations, grad_logits);
            optimizer.step(parameters, golden_optimizer.learning_rate);
        }
        for (std::size_t p = 0; p < parameters.size(); ++p) {
            check_matrix(parameters[p]->value,
                         golden.file[golden_optimizer.name + "_" + golden_name(p)],
                         weight_tolerance);
        }
    }
}

TEST(losses_and_gradients_with_relu_equal_pytorchs) {
    check_gradients_of("relu");
}
TEST(losses_and_gradients_with_tanh_equal_pytorchs) {
    check_gradients_of("tanh");
}
TEST(losses_and_gradients_with_sigmoid_equal_pytorchs) {
    check_gradients_of("sigmoid");
}
TEST(three_steps_of_every_optimizer_with_relu_equal_pytorchs) {
    check_three_steps_of("relu");
}
TEST(three_steps_of_every_optimizer_with_tanh_equal_pytorchs) {
    check_three_steps_of("tanh");
}
TEST(three_steps_of_every_optimizer_with_sigmoid_equal_pytorchs) {
    check_three_steps_of("sigmoid");
}

}  // namespace
}  // namespace digits
