#include "training/evaluation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "network/loss.h"

namespace digits {
namespace {

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

// predict(input, probabilities) computes the probabilities and returns the scores, the largest of
// which is the prediction; it may modify the input. loss(scores, label) is the loss of one image.
template <class Predict, class Loss>
Evaluation evaluate_batches(const Dataset& data, std::size_t classes, Predict predict, Loss loss) {
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

}  // namespace

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

void ensemble_probabilities(std::span<const Model* const> ensemble, const Matrix& input,
                            Matrix& probabilities) {
    require(!ensemble.empty(), "evaluate: an ensemble needs at least one model");
    const Network& first = ensemble[0]->network;
    for (const Model* const model : ensemble) {
        const Network& network = model->network;
        require(network.inputs() == first.inputs() && network.outputs() == first.outputs(),
                "evaluate: ", describe(network), " and ", describe(first),
                " cannot form an ensemble: their numbers of inputs or outputs differ");
    }
    probabilities.resize(input.rows(), first.outputs());
    probabilities.fill(0.0f);
    const float share = 1.0f / static_cast<float>(ensemble.size());
    Activations activations;
    Matrix prepared, own;
    for (const Model* const model : ensemble) {
        prepared = input;
        preprocess(model->preprocessing, model->rows, model->columns, prepared);
        softmax(model->network.forward(prepared, activations), own);
        for (std::size_t i = 0; i < own.size(); ++i) {
            probabilities.data()[i] += share * own.data()[i];
        }
    }
}

Evaluation evaluate(const Network& network, const Dataset& data,
                    const Preprocessing& preprocessing) {
    require_fits(network, data);
    Activations activations;
    const auto predict = [&](Matrix& input, Matrix& probabilities) -> const Matrix& {
        preprocess(preprocessing, data.rows, data.columns, input);
        const Matrix& logits = network.forward(input, activations);
        softmax(logits, probabilities);
        return logits;
    };
    return evaluate_batches(data, network.outputs(), predict, cross_entropy);
}

Evaluation evaluate(std::span<const Model* const> ensemble, const Dataset& data) {
    require(!ensemble.empty(), "evaluate: an ensemble needs at least one model");
    const Model& first = *ensemble[0];
    if (ensemble.size() == 1) return evaluate(first.network, data, first.preprocessing);
    require_fits(first.network, data);
    const auto predict = [&](Matrix& input, Matrix& probabilities) -> const Matrix& {
        ensemble_probabilities(ensemble, input, probabilities);
        return probabilities;
    };
    const auto loss = [](std::span<const float> probabilities, std::size_t label) {
        // A very small probability underflows to 0 in float, and log 0 is undefined.
        const float probability = std::max(probabilities[label], std::numeric_limits<float>::min());
        return -std::log(static_cast<double>(probability));
    };
    return evaluate_batches(data, first.network.outputs(), predict, loss);
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
