// Divergence is detected at once and reported with a helpful message.
#include "training/divergence.h"

#include <functional>
#include <limits>
#include <string>
#include <utility>

#include "bars.h"
#include "check.h"

namespace digits {
namespace {

using testing::bars;
using testing::check;
using testing::check_contains;
using testing::check_equal;
using testing::check_throws;
using testing::quick_settings;
using testing::small_network;

std::string divergence(const TrainerSettings& settings, Network network) {
    Random random(1);
    try {
        train(network, bars(300, 1), nullptr, settings, random);
    } catch (const Diverged& error) {
        check(!error.history().steps.empty());
        return error.what();
    }
    return "it did not diverge";
}

TEST(an_exploding_loss_stops_the_training_with_place_and_cause) {
    TrainerSettings settings = quick_settings();
    settings.optimizer.kind = OptimizerKind::sgd;
    settings.schedule = {ScheduleKind::constant, 1e6};
    const std::string message = divergence(settings, small_network());
    check_contains(message, "training diverged at step 2 (epoch 1): the loss is ");
    check_contains(message, "layer2");
    check_contains(message, "the learning rate, 1e+06: try a tenth");
    settings.loss.reduction = Reduction::sum;
    check_contains(divergence(settings, small_network()),
                   "summed over batches of 16, so its gradients are 16 times those of the mean");
}

TEST(a_last_step_that_ruins_the_weights_counts_as_divergence) {
    // No loss is computed after it, and the one before it was fine.
    TrainerSettings settings = quick_settings();
    settings.optimizer.kind = OptimizerKind::sgd;
    settings.schedule = {ScheduleKind::constant, 1e38};
    settings.steps = 1;
    Network network = small_network();
    Random random(1);
    const Dataset data = bars(300, 1);
    check_throws([&] { train(network, data, nullptr, settings, random); },
                 "training diverged at step 1 (epoch 1)");
    Network validated = small_network();
    check_throws([&] { train(validated, data, &data, settings, random); }, "diverged at step 1");
}

TEST(a_nan_weight_is_reported_by_name) {
    Network network = small_network();
    network.parameters()[2]->value(3, 1) = std::numeric_limits<float>::quiet_NaN();
    check_contains(divergence(quick_settings(), network),
                   "step 1 (epoch 1): the loss is nan and layer2.weight is not finite");
}

// What is blamed for the divergence of SGD with a learning rate of 0.1 and these settings.
std::string blamed(const std::function<void(OptimizerSettings&)>& change,
                   const NetworkSettings& network = {.hidden = {8}}) {
    TrainerSettings settings = quick_settings();
    settings.schedule = {ScheduleKind::constant, 0.1};
    settings.optimizer.kind = OptimizerKind::sgd;
    change(settings.optimizer);
    Random random(1);
    const Dataset data = bars(300, 1);
    return divergence(settings, build_network(data.inputs(), data.classes, network, random));
}

TEST(before_the_first_step_the_weights_to_start_from_are_blamed) {
    const auto none = [](OptimizerSettings&) {};
    for (const double deviation : {1e3, 1e18, 1e308}) {
        NetworkSettings network{.hidden = {8}};
        network.initializer = {InitializerKind::normal, deviation};
        const std::string message = blamed(none, network);
        check_contains(message, "training diverged at step 1 (epoch 1): the loss is ");
        check_contains(
            message,
            "No step has been taken yet. The likely cause is that the weights to start from "
            "are too large: layer");
        check_contains(message, "(--deviation)");
        check(message.find("-nan") == std::string::npos);
        check(message.find("learning rate") == std::string::npos);
    }
}

// The message when the second step of such a training diverges and its first loss was this.
std::string second_step(const TrainerSettings& settings, double first_loss,
                        const Network& network = small_network(), std::size_t updates = 1) {
    const double rate = settings.schedule.learning_rate;
    const History history{{{1, 1, rate, first_loss, 0.1}}, {}};
    const StepRecord record{2, 1, rate, 2000.0, 0.1};
    Activations activations;
    network.forward(Matrix(1, 16), activations);
    return divergence_message({record, updates, history, network, activations}, settings);
}

TEST(a_loss_that_was_high_before_the_first_step_is_not_blamed_on_the_steps) {
    const TrainerSettings settings = quick_settings();
    check_contains(second_step(settings, 100.0),
                   "The loss was 100 before the first step, where 1.38629 is that of guessing. The "
                   "likely cause is that the weights to start from are too large");
    check_contains(second_step(settings, 100.0, small_network(1, 0.99)), "is a dropout of 0.99, ");
    check_contains(second_step(settings, 2.0), "The likely cause is the learning rate, 0.02: ");
    check_contains(second_step(settings, 2.0, small_network(1, 0.99), 0),
                   "No step has been taken yet. The likely cause is a dropout of 0.99, which "
                   "multiplies what it keeps by 100; try a lower rate");
    check_contains(second_step(settings, 2.0, small_network(), 0), "too large for so many layers");
}

TEST(weight_decay_is_blamed_from_the_product_on_at_which_it_makes_weights_larger) {
    using Kind = OptimizerKind;
    // Without momentum the limit is 2; with a momentum of 0.5 it is 3, with Nesterov's 1.5.
    const std::pair<Kind, double> limits[] = {
        {Kind::sgd, 2.0}, {Kind::momentum, 3.0}, {Kind::nesterov, 1.5}, {Kind::adamw, 2.0}};
    for (const auto& [kind, limit] : limits) {
        const auto message = [&, kind = kind](double product) {
            return blamed([&](OptimizerSettings& optimizer) {
                optimizer.kind = kind;
                optimizer.momentum = 0.5;
                optimizer.weight_decay = product / 0.1;
            });
        };
        check_contains(message(1.5 * limit), str_cat("and from ", limit, " on every step makes"));
        check_equal(message(0.9 * limit), "it did not diverge");
    }
    check_contains(blamed([](OptimizerSettings& o) { o.weight_decay = 1e300; }),
                   "the weight decay, 1e+300, which no float can hold");
}

TEST(a_momentum_near_one_is_blamed_for_what_it_makes_of_the_learning_rate) {
    TrainerSettings settings = quick_settings();
    settings.schedule.learning_rate = 0.1;
    settings.optimizer.momentum = 0.999;
    for (const OptimizerKind kind : {OptimizerKind::momentum, OptimizerKind::nesterov}) {
        settings.optimizer.kind = kind;
        check_contains(second_step(settings, 2.0),
                       "The likely cause is the momentum, 0.999: the steps of equal gradients add "
                       "up to 1000 times one of them, so that the learning rate, 0.1, becomes 100; "
                       "try a momentum of 0.9, or a learning rate of 0.001");
    }
    settings.optimizer.kind = OptimizerKind::sgd;  // has no momentum
    check_contains(second_step(settings, 2.0), "The likely cause is the learning rate, 0.1: ");
}

TEST(a_nan_has_no_sign_in_a_message) {
    const double nan = -std::numeric_limits<double>::quiet_NaN();
    check_equal(str_cat(nan), "nan");
    check_equal(format_fixed(nan, 2), "nan");
    check_equal(csv_number(nan), "nan");
    check_equal(str_cat(-0.5), "-0.5");
}

}  // namespace
}  // namespace digits
