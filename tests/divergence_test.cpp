// Divergence is detected at once and reported with a helpful message.
#include <limits>
#include <string>

#include "bars.h"
#include "check.h"

namespace digits {
namespace {

using testing::bars;
using testing::check;
using testing::check_contains;
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
                   "step 1 (epoch 1): the loss is nan and layer2.weight is no longer finite");
}

}  // namespace
}  // namespace digits
