#include "network/gradient_check.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace digits {
namespace {

std::vector<std::size_t> draw_elements(std::size_t size, std::size_t wanted, Random& random) {
    std::vector<std::size_t> elements(size);
    std::iota(elements.begin(), elements.end(), std::size_t{0});
    random.shuffle(std::span(elements));
    elements.resize(std::min(size, wanted));
    return elements;
}

}  // namespace

std::vector<GradientVerdict> check_gradients(Network& network, const Matrix& input,
                                             std::span<const std::uint8_t> labels,
                                             const GradientCheckSettings& settings) {
    Activations activations;
    Matrix grad_logits;
    const auto loss = [&] {
        Random dropout(settings.seed);  // re-created, so that every call drops the same units
        const Matrix& logits = network.forward(input, activations, dropout);
        return softmax_cross_entropy(logits, labels, grad_logits, settings.loss);
    };
    loss();
    network.backward(input, activations, grad_logits);

    Random random(settings.seed, 1);
    std::vector<GradientVerdict> verdicts;
    for (Parameter* const parameter : network.parameters()) {
        GradientVerdict verdict;
        verdict.parameter = parameter->name;
        double difference_square = 0.0, backward_square = 0.0, error_square = 0.0;
        const std::vector<std::size_t> elements =
            draw_elements(parameter->value.size(), settings.elements_per_parameter, random);
        for (const std::size_t element : elements) {
            float& weight = parameter->value.values()[element];
            const float kept = weight;
            const float above = static_cast<float>(static_cast<double>(kept) + settings.step);
            const float below = static_cast<float>(static_cast<double>(kept) - settings.step);
            weight = above;
            const double loss_above = loss();
            const Branches branches = network.branches(input, activations);
            weight = below;
            const double loss_below = loss();
            weight = kept;
            if (network.branches(input, activations) != branches) {
                ++verdict.skipped;
                continue;
            }
            ++verdict.elements;
            // The actual distance between the two rounded floats, not the nominal 2h.
            const double distance = static_cast<double>(above) - static_cast<double>(below);
            require(distance > 0.0, "gradient check: a step of ", settings.step,
                    " does not change a weight of ", kept, "; use a larger step");
            const double difference = (loss_above - loss_below) / distance;
            const double backward = static_cast<double>(parameter->gradient.values()[element]);
            difference_square += difference * difference;
            backward_square += backward * backward;
            error_square += (backward - difference) * (backward - difference);
        }

        const double size = std::sqrt(backward_square) + std::sqrt(difference_square);
        verdict.all_zero = size == 0.0;
        verdict.relative_error = verdict.all_zero ? 0.0 : std::sqrt(error_square) / size;
        verdict.passed = !verdict.all_zero && verdict.relative_error <= settings.tolerance;
        verdicts.push_back(verdict);
    }
    return verdicts;
}

}  // namespace digits
