#include "training/divergence.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "util/require.h"

namespace digits {
namespace {

bool all_finite(const Matrix& matrix) {
    return std::ranges::all_of(matrix.values(), [](float value) { return std::isfinite(value); });
}

double deviation_of(const Matrix& weight) {
    double sum = 0.0, squares = 0.0;
    for (const float value : weight.values()) {
        sum += static_cast<double>(value);
        squares += static_cast<double>(value) * static_cast<double>(value);
    }
    const double count = static_cast<double>(weight.size()), mean = sum / count;
    return std::sqrt(squares / count - mean * mean);
}

// Dropout multiplies what it keeps by 1 / (1 - rate).
double highest_dropout(const Network& network) {
    double highest = 0.0;
    for (const Layer& layer : network.layers()) {
        if (const auto* const dropout = std::get_if<Dropout>(&layer)) {
            highest = std::max(highest, dropout->rate());
        }
    }
    return highest;
}

std::optional<std::string> dropout_cause(const Network& network) {
    const double rate = highest_dropout(network);
    if (rate <= 0.9) return {};
    return str_cat("a dropout of ", rate, ", which multiplies what it keeps by ",
                   1.0 / (1.0 - rate), "; try a lower rate");
}

// The cause of an exploded loss of a network whose weights nothing has changed yet.
std::string initial_cause(const Network& network) {
    constexpr double most = 3.0;  // times the deviation of He's initialization
    double worst = most;
    std::string cause;
    for (const Layer& layer : network.layers()) {
        const auto* const dense = std::get_if<Dense>(&layer);
        if (!dense) continue;
        const double usual = std::sqrt(2.0 / static_cast<double>(dense->inputs()));
        const double deviation = deviation_of(dense->weight.value);
        if (deviation / usual <= worst) continue;
        worst = deviation / usual;  // NaN stays the worst, as no comparison with it is true
        cause = str_cat("that the weights to start from are too large: ",
                        std::isfinite(deviation)
                            ? str_cat(dense->weight.name, " has a standard deviation of ",
                                      deviation, ", where ", usual, " is usual")
                            : dense->weight.name + " is not finite",
                        "; try a smaller deviation (--deviation), or initializer he");
        if (std::isnan(worst)) break;
    }
    if (!cause.empty()) return cause;
    return dropout_cause(network).value_or(
        "that the outputs of a layer are larger than those of the one before, layer after layer: "
        "the "
        "weights to start from are too large for so many layers; try initializer he, or fewer "
        "layers");
}

// Weight decay alone multiplies a weight by some factor in every step. The factor is within -1 and
// 1 as long as the product of learning rate and decay is below this limit, found from the roots of
// the recurrence that the update rule is for a gradient of decay * w. Adam and RMSprop divide by
// the size of the gradient and with it by the decay: no finite one is too large.
std::optional<double> decay_limit(const OptimizerSettings& optimizer) {
    const double mu = optimizer.momentum;
    switch (optimizer.kind) {
        case OptimizerKind::sgd:
        case OptimizerKind::adamw:
            return 2.0;
        case OptimizerKind::momentum:
            return 2.0 * (1.0 + mu);
        case OptimizerKind::nesterov:
            return 2.0 * (1.0 + mu) / (1.0 + 2.0 * mu);
        case OptimizerKind::rmsprop:
        case OptimizerKind::adam:
            break;
    }
    return {};
}

std::optional<std::string> decay_cause(const OptimizerSettings& optimizer, double rate) {
    const double decay = optimizer.weight_decay;
    const std::optional<double> limit = decay_limit(optimizer);
    if (decay > static_cast<double>(std::numeric_limits<float>::max())) {
        return str_cat("the weight decay, ", decay, ", which no float can hold; try at most 0.01");
    }
    if (!limit || rate * decay < *limit) return {};
    return str_cat("the weight decay, ", decay, ": times the learning rate, ", rate, ", it is ",
                   rate * decay, ", and from ", *limit,
                   " on every step makes all weights larger instead of smaller; try at most ",
                   0.01 * *limit / rate);
}

std::optional<std::string> momentum_cause(const OptimizerSettings& optimizer, double rate) {
    const bool is_used =
        optimizer.kind == OptimizerKind::momentum || optimizer.kind == OptimizerKind::nesterov;
    // A rate above 1 is too high with any momentum.
    if (!is_used || optimizer.momentum <= 0.95 || rate > 1.0) return {};
    const double gain = 1.0 / (1.0 - optimizer.momentum);
    return str_cat("the momentum, ", optimizer.momentum,
                   ": the steps of equal gradients add up to ", gain,
                   " times one of them, so that the learning rate, ", rate, ", becomes ",
                   rate * gain, "; try a momentum of 0.9, or a learning rate of ", 1.0 / gain);
}

std::string rate_cause(const TrainerSettings& settings, double rate) {
    const std::size_t batch = settings.batch_size;
    if (settings.loss.reduction == Reduction::sum) {
        return str_cat("the learning rate, ", rate, ": the loss is summed over batches of ", batch,
                       ", so its gradients are ", batch,
                       " times those of the mean: divide the learning rate by ", batch,
                       ", or minimize the mean");
    }
    return str_cat("the learning rate, ", rate, ": try a tenth of it, or a warm-up");
}

std::string likely_cause(const Divergence& divergence, const TrainerSettings& settings) {
    const Network& network = divergence.network;
    const std::vector<StepRecord>& steps = divergence.history.steps;
    if (divergence.updates == 0) {
        return "No step has been taken yet. The likely cause is " + initial_cause(network);
    }
    double rate = divergence.record.learning_rate;  // the highest so far
    for (const StepRecord& step : steps) rate = std::max(rate, step.learning_rate);
    if (const auto cause = decay_cause(settings.optimizer, rate)) {
        return "The likely cause is " + *cause;
    }
    // Random guesses cost log C. A first loss far above was there before the first step.
    const double guessing = std::log(static_cast<double>(network.outputs()));
    if (!steps.empty() && steps[0].step == 1 && steps[0].loss > 10.0 * guessing) {
        return str_cat("The loss was ", steps[0].loss, " before the first step, where ", guessing,
                       " is that of guessing. The likely cause is ",
                       dropout_cause(network).value_or(
                           "that the weights to start from are too large; try a smaller deviation "
                           "(--deviation), or initializer he"));
    }
    auto cause = momentum_cause(settings.optimizer, rate);
    if (!cause && rate <= 1.0) cause = dropout_cause(network);
    return "The likely cause is " + cause.value_or(rate_cause(settings, rate));
}

}  // namespace

std::string find_non_finite(const Network& network, const Activations& activations) {
    for (const Parameter* parameter : network.parameters()) {
        if (!all_finite(parameter->value)) return parameter->name + " is not finite";
    }
    const std::vector<std::string>& labels = network.layer_labels();
    for (std::size_t l = 0; l < labels.size(); ++l) {
        if (!all_finite(activations.outputs[l])) {
            return str_cat("the outputs of ", labels[l], " are not finite");
        }
    }
    return str_cat("all weights are finite, but the logits of ", labels.back(), " are far apart");
}

std::string divergence_message(const Divergence& divergence, const TrainerSettings& settings) {
    const StepRecord& record = divergence.record;
    return str_cat("training diverged at step ", record.step, " (epoch ", record.epoch,
                   "): the loss is ", record.loss, " and ",
                   find_non_finite(divergence.network, divergence.activations), ". ",
                   likely_cause(divergence, settings));
}

}  // namespace digits
