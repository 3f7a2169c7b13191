#include "network/loss.h"

#include <algorithm>
#include <cmath>

namespace digits {
namespace {

// log(e^z[0] + ... + e^z[C-1]), with the maximum taken out so that exp() cannot overflow: then the
// largest term is e^0 = 1 and the sum lies between 1 and C.
double log_sum_exp(std::span<const float> logits) {
    const double largest = static_cast<double>(*std::ranges::max_element(logits));
    double sum = 0.0;
    for (const float logit : logits) sum += std::exp(static_cast<double>(logit) - largest);
    return largest + std::log(sum);
}

}  // namespace

void softmax(const Matrix& logits, Matrix& probabilities) {
    require(logits.columns() > 0, "softmax: logits are ", shape(logits), " and have no class");
    probabilities.resize(logits.rows(), logits.columns());
    for (std::size_t example = 0; example < logits.rows(); ++example) {
        const std::span<const float> z = logits.row(example);
        const std::span<float> p = probabilities.row(example);
        const double normalizer = log_sum_exp(z);
        for (std::size_t c = 0; c < z.size(); ++c) {
            p[c] = static_cast<float>(std::exp(static_cast<double>(z[c]) - normalizer));
        }
    }
}

double softmax_cross_entropy(const Matrix& logits, std::span<const std::uint8_t> labels,
                             Matrix& grad_logits, const LossSettings& settings) {
    require(logits.rows() == labels.size() && !labels.empty(), "loss: logits are ", shape(logits),
            " for ", labels.size(), " labels; there must be one row per label, and at least one");
    require(settings.label_smoothing >= 0.0 && settings.label_smoothing < 1.0,
            "loss: label_smoothing is ", settings.label_smoothing, " but must be in [0, 1)");
    const std::size_t classes = logits.columns();
    const double off_target = settings.label_smoothing / static_cast<double>(classes);
    const double on_target = 1.0 - settings.label_smoothing + off_target;
    const double scale =
        settings.reduction == Reduction::mean ? 1.0 / static_cast<double>(labels.size()) : 1.0;

    grad_logits.resize(logits.rows(), classes);
    double loss = 0.0;
    for (std::size_t example = 0; example < labels.size(); ++example) {
        require(labels[example] < classes, "loss: label ", int{labels[example]}, " is none of the ",
                classes, " classes");
        const std::span<const float> z = logits.row(example);
        const std::span<float> dz = grad_logits.row(example);
        const double normalizer = log_sum_exp(z);
        for (std::size_t c = 0; c < classes; ++c) {
            const double target = c == labels[example] ? on_target : off_target;
            const double log_p = static_cast<double>(z[c]) - normalizer;
            // Skipping t = 0 keeps 0 * infinity out when a logit is infinite.
            if (target > 0.0) loss -= target * log_p;
            dz[c] = static_cast<float>((std::exp(log_p) - target) * scale);
        }
    }
    return loss * scale;
}

double cross_entropy(std::span<const float> logits, std::size_t label) {
    require(label < logits.size(), "loss: label ", label, " is none of the ", logits.size(),
            " classes");
    return log_sum_exp(logits) - static_cast<double>(logits[label]);
}

}  // namespace digits
