#include "training/ema.h"

#include "bars.h"
#include "check.h"
#include "training/evaluation.h"
#include "training/trainer.h"

namespace digits {
namespace {

using testing::bars;
using testing::check;
using testing::check_equal;
using testing::check_near;
using testing::check_throws;
using testing::quick_settings;
using testing::small_network;

float& first_weight(Network& network) {
    return network.parameters()[0]->value(0, 0);
}

TEST(the_first_steps_have_equal_shares_and_old_ones_decay) {
    Network network = small_network(), ema = small_network(2);
    const auto after = [&](std::size_t step, float weight) {
        first_weight(network) = weight;
        update_ema(ema, network, 0.75, step);
        return static_cast<double>(first_weight(ema));
    };
    // For up to 1 / (1 - 0.75) = 4 steps, it is their mean; then 3/4 of the old plus 1/4 of the
    // new.
    check_equal(after(1, 8.0f), 8.0);  // whatever the average was before
    check_equal(after(2, 4.0f), 6.0);
    check_near(after(3, 0.0f), 4.0, 1e-6);
    check_near(after(4, 8.0f), 5.0, 1e-6);
    check_near(after(5, 1.0f), 4.0, 1e-6);
    check_near(after(6, 0.0f), 3.0, 1e-6);
    // The other parameters are averaged, too.
    const Network& constant = network;
    const auto means = ema.parameters();
    for (std::size_t p = 1; p < means.size(); ++p) {
        const Matrix& value = constant.parameters()[p]->value;
        for (std::size_t i = 0; i < value.size(); ++i) {
            const auto mean = static_cast<double>(means[p]->value.values()[i]);
            check_near(mean, static_cast<double>(value.values()[i]), 1e-6);
        }
    }
}

TEST(different_layers_and_a_decay_of_one_are_refused) {
    Network network = small_network();
    Random random(1);
    Network other = build_network(16, 4, {.hidden = {7}}, random);
    check_throws([&] { update_ema(other, network, 0.9, 1); }, "layer1.weight is");
    check_throws([&] { update_ema(network, network, 1.0, 1); }, "the decay is 1");
    check_throws([&] { update_ema(network, network, 0.9, 0); }, "step 0");
}

TEST(training_validates_and_keeps_the_ema) {
    const Dataset training = bars(64, 1), validation = bars(50, 2);
    TrainerSettings settings = quick_settings();  // batches of 16: four steps
    settings.epochs = 1;
    settings.ema_decay = 0.9;
    // By hand: the plain mean of the weights after each of the four steps.
    double sum = 0.0;
    for (std::size_t steps = 1; steps <= 4; ++steps) {
        Network network = small_network();
        Random random(1);
        TrainerSettings plain = quick_settings();
        plain.schedule.kind = ScheduleKind::constant;
        plain.steps = steps;
        train(network, training, nullptr, plain, random);
        sum += static_cast<double>(first_weight(network));
    }
    settings.schedule.kind = ScheduleKind::constant;
    for (const Dataset* held_out : {static_cast<const Dataset*>(nullptr), &validation}) {
        Network network = small_network();
        Random random(1);
        const History history = train(network, training, held_out, settings, random);
        check_near(static_cast<double>(first_weight(network)), sum / 4, 1e-6);
        if (held_out) {
            check_equal(*history.epochs[0].validation_loss, evaluate(network, validation).log_loss);
        }
    }
}

}  // namespace
}  // namespace digits
