#include "training/evaluation.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "network/loss.h"

namespace digits {
void require_fits(const Network& network, const Dataset& data) {
    require(data.size() > 0, "evaluate: ", data.name, " contains no images");
    data.require_valid("evaluate");
    require(data.inputs() == network.inputs() && data.classes <= network.outputs(),
            "evaluate: ", data.name, " has ", data.inputs(), " pixels and ", data.classes,
            " classes, but the network has ", network.inputs(), " inputs and ", network.outputs(),
            " outputs");
    require(network.outputs() <= 256, "evaluate: the network has ", network.outputs(),
            " outputs, but labels are bytes; expected at most 256");
}

Evaluation evaluate_with(const Predictor& predict,
                         double (*loss)(std::span<const float> scores, std::size_t label),
                         const Dataset& data, std::size_t classes) {
    Evaluation result{ConfusionMatrix(classes), 0.0, {}};
    result.predictions.reserve(data.size());
    // An unshuffled BatchSampler keeps the order of the data set. The batch size affects only the
    // memory use.
    const BatchSampler order(data.size(), 1000);
    Batch batch;
    Matrix probabilities;
    double total_loss = 0.0;
    for (std::size_t b = 0; b < order.batches(); ++b) {
        gather(data, order.batch(b), batch);
        const Matrix& scores = predict(batch.input, probabilities);
        for (std::size_t example = 0; example < batch.labels.size(); ++example) {
            const std::size_t label = batch.labels[example];
            const std::size_t predicted = predicted_class(scores.row(example));
            const double example_loss = loss(scores.row(example), label);
            result.confusion.add(label, predicted);
            result.predictions.push_back({static_cast<std::uint8_t>(predicted),
                                          probabilities(example, predicted),
                                          static_cast<float>(example_loss)});
            total_loss += example_loss;
        }
    }
    result.log_loss = total_loss / static_cast<double>(data.size());
    return result;
}

std::size_t predicted_class(std::span<const float> logits) {
    return static_cast<std::size_t>(std::ranges::max_element(logits) - logits.begin());
}

std::size_t count_correct(const Matrix& logits, std::span<const std::uint8_t> labels) {
    std::size_t correct = 0;
    for (std::size_t example = 0; example < labels.size(); ++example) {
        correct += predicted_class(logits.row(example)) == labels[example];
    }
    return correct;
}

void require_finite_logits(const Matrix& logits, std::string_view name) {
    for (const float logit : logits.values()) {
        if (std::isfinite(logit)) continue;
        fail(name, ": expected finite logits, found ", logit,
             "; its weights are finite, but too large for these inputs; was it trained with inputs "
             "of another scale, or did its training diverge?");
    }
}

Evaluation evaluate(const Network& network, const Dataset& data,
                    const Preprocessing& preprocessing) {
    require_fits(network, data);
    Activations activations;
    const auto predict = [&](Matrix& input, Matrix& probabilities) -> const Matrix& {
        preprocess(preprocessing, data.rows, data.columns, input);
        const Matrix& logits = network.forward(input, activations);
        require_finite_logits(logits, "evaluate");
        softmax(logits, probabilities);
        return logits;
    };
    return evaluate_with(predict, cross_entropy, data, network.outputs());
}

std::vector<std::size_t> ranking(std::span<const float> values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
        return std::isnan(values[b]) ? !std::isnan(values[a]) : values[a] > values[b];
    });
    return order;
}

std::vector<std::size_t> worst_mistakes(const Evaluation& evaluation, const Dataset& data,
                                        std::size_t count) {
    const std::vector<Prediction>& predictions = evaluation.predictions;
    require(predictions.size() == data.size(), "worst_mistakes: ", predictions.size(),
            " predictions of ", data.size(), " images");
    std::vector<std::size_t> mistakes;
    for (std::size_t i = 0; i < data.size(); ++i) {
        if (predictions[i].predicted != data.labels[i]) mistakes.push_back(i);
    }
    // A stable sort keeps ties in the order of the data set, with every standard library.
    std::ranges::stable_sort(mistakes, [&](std::size_t a, std::size_t b) {
        // NaN counts as the largest loss.
        const float left = predictions[a].loss, right = predictions[b].loss;
        return std::isnan(left) ? !std::isnan(right) : left > right;
    });
    mistakes.resize(std::min(count, mistakes.size()));
    return mistakes;
}

}  // namespace digits
