#include "training/divergence.h"

#include <algorithm>
#include <cmath>

#include "util/require.h"

namespace digits {
namespace {

bool all_finite(const Matrix& matrix) {
    return std::ranges::all_of(matrix.values(), [](float value) { return std::isfinite(value); });
}

}  // namespace

std::string find_non_finite(const Network& network, const Activations& activations) {
    for (const Parameter* parameter : network.parameters()) {
        if (!all_finite(parameter->value)) return parameter->name + " is no longer finite";
    }
    const std::vector<std::string>& labels = network.layer_labels();
    for (std::size_t l = 0; l < labels.size(); ++l) {
        if (!all_finite(activations.outputs[l])) {
            return str_cat("the outputs of ", labels[l], " are no longer finite");
        }
    }
    return str_cat("all weights are finite, but the logits of ", labels.back(),
                   " have grown far apart");
}

std::string divergence_message(const StepRecord& record, const std::string& where,
                               const TrainerSettings& settings) {
    const std::string remedy =
        settings.loss.reduction == Reduction::sum
            ? str_cat("the loss is summed over batches of ", settings.batch_size,
                      ", so its gradients are ", settings.batch_size,
                      " times those of the mean: divide the learning rate by ", settings.batch_size,
                      ", or minimize the mean")
            : str_cat("try a tenth of it, or a warm-up");
    return str_cat("training diverged at step ", record.step, " (epoch ", record.epoch,
                   "): the loss is ", record.loss, " and ", where,
                   ". The likely cause is the learning rate, ", settings.schedule.learning_rate,
                   ": ", remedy);
}

}  // namespace digits
