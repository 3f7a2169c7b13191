#include "training/evaluation.h"

#include <algorithm>

#include "network/loss.h"

namespace digits {

std::size_t predicted_class(std::span<const float> logits) {
    return static_cast<std::size_t>(std::ranges::max_element(logits) - logits.begin());
}

Evaluation evaluate(const Network& network, const Dataset& data) {
    require(data.size() > 0, "evaluate: ", data.name, " holds no pictures");
    require(data.inputs() == network.inputs() && data.classes <= network.outputs(),
            "evaluate: ", data.name, " has ", data.inputs(), " pixels and ", data.classes,
            " classes but the network takes ", network.inputs(), " and tells ", network.outputs(),
            " apart");
    require(network.outputs() <= 256, "evaluate: the network tells ", network.outputs(),
            " classes apart, but a label is a byte: at most 256");
    Evaluation result{ConfusionMatrix(network.outputs()), 0.0, {}};
    result.readings.reserve(data.size());

    // The order of the data set: a BatchOrder that nobody shuffled. The size of the batches changes
    // nothing but the memory needed.
    const BatchOrder order(data.size(), 1000);
    Batch batch;
    Activations activations;
    Matrix probabilities;
    double total_loss = 0.0;
    for (std::size_t b = 0; b < order.batches(); ++b) {
        gather(data, order.batch(b), batch);
        const Matrix& logits = network.forward(batch.input, activations);
        softmax(logits, probabilities);
        for (std::size_t example = 0; example < batch.labels.size(); ++example) {
            const std::size_t label = batch.labels[example];
            const std::size_t predicted = predicted_class(logits.row(example));
            const double loss = cross_entropy(logits.row(example), label);
            result.confusion.add(label, predicted);
            result.readings.push_back({static_cast<std::uint8_t>(predicted),
                                       probabilities(example, predicted),
                                       static_cast<float>(loss)});
            total_loss += loss;
        }
    }
    result.log_loss = total_loss / static_cast<double>(data.size());
    return result;
}

std::vector<std::size_t> worst_mistakes(const Evaluation& evaluation, const Dataset& data,
                                        std::size_t count) {
    const std::vector<Reading>& readings = evaluation.readings;
    require(readings.size() == data.size(), "worst_mistakes: ", readings.size(), " readings of ",
            data.size(), " pictures");
    std::vector<std::size_t> mistakes;
    for (std::size_t i = 0; i < data.size(); ++i) {
        if (readings[i].predicted != data.labels[i]) mistakes.push_back(i);
    }
    // A stable sort: equals stay in the order of the data set, whatever the library.
    std::ranges::stable_sort(mistakes, [&](std::size_t a, std::size_t b) {
        return readings[a].loss > readings[b].loss;
    });
    mistakes.resize(std::min(count, mistakes.size()));
    return mistakes;
}

}  // namespace digits
