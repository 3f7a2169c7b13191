#include "network/loss.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "util/parallel.h"

namespace digits {
namespace {

// log(e^z[0] + ... + e^z[C-1]), with the maximum subtracted so that exp() cannot overflow: the
// largest term becomes e^0 = 1 and the sum lies between 1 and C.
double log_sum_exp(std::span<const float> logits) {
    const double largest = static_cast<double>(*std::ranges::max_element(logits));
    double sum = 0.0;
    for (const float logit : logits) sum += std::exp(static_cast<double>(logit) - largest);
    return largest + std::log(sum);
}

// The target distribution t of an example, and the factor on its gradient.
struct Targets {
    double label;   // t[c] where c is the label
    double others;  // t[c] elsewhere
    double scale;   // 1 / B for a mean, 1 for a sum
};

// Returns the loss of one row of logits z, not scaled, and writes its gradient dz, scaled.
double example_loss(std::span<const float> z, std::size_t label, const Targets& targets,
                    std::span<float> dz) {
    // As in log_sum_exp(), but the exponentials are kept, in dz.
    const double largest = static_cast<double>(*std::ranges::max_element(z));
    double sum = 0.0;
    for (std::size_t c = 0; c < z.size(); ++c) {
        const double exponential = std::exp(static_cast<double>(z[c]) - largest);
        dz[c] = static_cast<float>(exponential);
        sum += exponential;
    }
    const double normalizer = largest + std::log(sum);
    double loss = 0.0;
    for (std::size_t c = 0; c < z.size(); ++c) {
        const double target = c == label ? targets.label : targets.others;
        const double log_p = static_cast<double>(z[c]) - normalizer;
        // Skipping t = 0 avoids 0 * infinity = NaN when a logit is infinite.
        if (target > 0.0) loss -= target * log_p;
        const double p = static_cast<double>(dz[c]) / sum;
        dz[c] = static_cast<float>((p - target) * targets.scale);
    }
    return loss;
}

}  // namespace

std::vector<Setting> settings_of(LossSettings& settings) {
    return {{"label_smoothing",
             "share of each target spread over all classes",
             &settings.label_smoothing,
             {0.0, 1.0, Interval::right_open}},
            {"loss_reduction", "minimize the mean or the sum of the losses of a batch",
             choice_of(settings.reduction, reduction_names)}};
}

void softmax(const Matrix& logits, Matrix& probabilities) {
    require(logits.columns() > 0, "softmax: logits are ", shape(logits),
            "; expected at least one class");
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
            " for ", labels.size(), " labels; expected one row per label, and at least one");
    require(settings.label_smoothing >= 0.0 && settings.label_smoothing < 1.0,
            "loss: expected a label_smoothing in [0, 1), found ", settings.label_smoothing);
    const std::size_t classes = logits.columns();
    const double others = settings.label_smoothing / static_cast<double>(classes);
    const double scale =
        settings.reduction == Reduction::mean ? 1.0 / static_cast<double>(labels.size()) : 1.0;
    const Targets targets{1.0 - settings.label_smoothing + others, others, scale};
    for (const std::uint8_t label : labels) {
        require(label < classes, "loss: label ", int{label}, " is not one of the ", classes,
                " classes");
    }

    // Partial sums over about equally many examples each. Their number is fixed, so that the order
    // of the additions, and thus every bit of the loss, does not depend on the number of threads.
    std::array<double, 64> sums{};
    grad_logits.resize(logits.rows(), classes);
    parallel_for(0, sums.size(), 16, [&](std::size_t begin, std::size_t end) {
        for (std::size_t s = begin; s < end; ++s) {
            const std::size_t last = labels.size() * (s + 1) / sums.size();
            for (std::size_t e = labels.size() * s / sums.size(); e < last; ++e) {
                sums[s] += example_loss(logits.row(e), labels[e], targets, grad_logits.row(e));
            }
        }
    });
    double loss = 0.0;
    for (const double sum : sums) loss += sum;
    return loss * scale;
}

double cross_entropy(std::span<const float> logits, std::size_t label) {
    require(label < logits.size(), "loss: label ", label, " is not one of the ", logits.size(),
            " classes");
    return log_sum_exp(logits) - static_cast<double>(logits[label]);
}

}  // namespace digits
