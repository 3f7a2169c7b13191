#include "training/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "math/divide.h"

namespace digits {
namespace {

// A network that gives every class the same chance loses log 10 = 2.3 per picture. At 1000 the
// right class was given a chance of e^-1000: no settings that work pass through that.
constexpr double exploded_loss = 1000.0;

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::size_t count_correct(const Matrix& logits, std::span<const std::uint8_t> labels) {
    std::size_t correct = 0;
    for (std::size_t example = 0; example < labels.size(); ++example) {
        correct += predicted_class(logits.row(example)) == labels[example];
    }
    return correct;
}

bool all_finite(const Matrix& matrix) {
    return std::ranges::all_of(matrix.values(), [](float value) { return std::isfinite(value); });
}

// The place where it shows first, on the way that the numbers take.
std::string where_it_broke(const Network& network, const Activations& activations) {
    for (const Parameter* parameter : network.parameters()) {
        if (!all_finite(parameter->value)) return parameter->name + " is no longer finite";
    }
    std::size_t dense = 0;
    for (std::size_t l = 0; l < network.layers().size(); ++l) {
        dense += std::holds_alternative<Dense>(network.layers()[l]);
        if (!all_finite(activations.outputs[l])) {
            return text("the outputs of dense", dense, " are no longer finite");
        }
    }
    return text("all weights are finite, but the logits of dense", dense, " have grown far apart");
}

bool is_better(const EpochRecord& a, const EpochRecord& b) {
    if (a.validation_accuracy != b.validation_accuracy) {
        return a.validation_accuracy > b.validation_accuracy;
    }
    return a.validation_loss < b.validation_loss;
}

void require_fits(const Network& network, const Dataset& data, const char* purpose) {
    require(data.size() > 0, "train: there are no ", purpose, " pictures");
    require(data.inputs() == network.inputs() && data.classes <= network.outputs(), "train: the ",
            purpose, " pictures have ", data.inputs(), " pixels and ", data.classes,
            " classes but the network takes ", network.inputs(), " and tells ", network.outputs(),
            " apart");
}

void require_sense(const TrainerSettings& settings, const Network& network, const Dataset& training,
                   const Dataset* validation) {
    require_fits(network, training, "training");
    if (validation) require_fits(network, *validation, "validation");
    require(settings.batch_size > 0, "train: batch_size is 0");
    require(settings.epochs > 0 || settings.steps > 0, "train: neither epochs nor steps are given");
    require(settings.patience == 0 || validation,
            "train: patience needs a validation set to lose patience with");
}

// One run of the training: what all its steps share.
class Run {
public:
    Run(Network& network, const Dataset& training, const TrainerSettings& settings, Random& random,
        const Observer& observer)
        : network_(network),
          training_(training),
          settings_(settings),
          random_(random),
          observer_(observer),
          parameters_(network.parameters()),
          total_steps_(total_steps(settings, training.size())),
          schedule_(settings.schedule, total_steps_),
          augmenter_(training.rows, training.columns, settings.augment),
          optimizer_(settings.optimizer),
          order_(training.size(), settings.batch_size) {
        // Room for all steps, so that none allocates; but for no more than a long training takes,
        // as patience may end one whose number of epochs means "for ever".
        constexpr std::size_t most = 1'000'000;
        history_.steps.reserve(std::min(total_steps_, most));
    }

    History train(const Dataset* validation);

private:
    bool finished() const { return history_.steps.size() == total_steps_; }
    EpochRecord run_epoch();
    void step(std::span<const std::size_t> indices, EpochRecord& epoch);
    void guard_loss(const StepRecord& record);
    void guard_last_step();
    [[noreturn]] void diverge(const StepRecord& record, const std::string& where);

    Network& network_;
    const Dataset& training_;
    const TrainerSettings& settings_;
    Random& random_;
    const Observer& observer_;
    std::vector<Parameter*> parameters_;
    std::size_t total_steps_;
    Schedule schedule_;
    Augmenter augmenter_;
    Optimizer optimizer_;
    BatchOrder order_;
    History history_;
    // The buffers of a step: allocated in the first one, then used again.
    Batch batch_;
    Activations activations_;
    Matrix grad_logits_;
};

void Run::step(std::span<const std::size_t> indices, EpochRecord& epoch) {
    const double learning_rate = schedule_(history_.steps.size());

    gather(training_, indices, batch_);
    augmenter_.distort(indices, epoch.epoch, batch_.input);
    const Matrix& logits = network_.forward(batch_.input, activations_, random_);
    double loss = softmax_cross_entropy(logits, batch_.labels, grad_logits_, settings_.loss);
    const double examples = static_cast<double>(indices.size());
    if (settings_.loss.reduction == Reduction::sum) loss /= examples;
    const double correct = static_cast<double>(count_correct(logits, batch_.labels));
    const StepRecord record{history_.steps.size() + 1, epoch.epoch, learning_rate, loss,
                            correct / examples};
    guard_loss(record);
    network_.backward(batch_.input, activations_, grad_logits_);
    optimizer_.step(parameters_, learning_rate);

    history_.steps.push_back(record);
    epoch.images += indices.size();
    epoch.train_loss += loss * examples;
    epoch.train_accuracy += correct;
    if (observer_.on_step) observer_.on_step(record);
}

EpochRecord Run::run_epoch() {
    const auto start = std::chrono::steady_clock::now();
    EpochRecord epoch;
    epoch.epoch = history_.epochs.size() + 1;
    order_.shuffle(random_);
    for (std::size_t b = 0; b < order_.batches() && !finished(); ++b) step(order_.batch(b), epoch);

    // The sums of the steps become means.
    epoch.train_loss /= static_cast<double>(epoch.images);
    epoch.train_accuracy /= static_cast<double>(epoch.images);
    epoch.steps = history_.steps.size();
    epoch.learning_rate = history_.steps.back().learning_rate;
    epoch.seconds = seconds_since(start);
    return epoch;
}

History Run::train(const Dataset* validation) {
    std::optional<Network> best_network;
    EpochRecord best;
    while (!finished()) {
        EpochRecord epoch = run_epoch();
        guard_last_step();
        if (validation) {
            const Evaluation evaluation = evaluate(network_, *validation);
            if (observer_.on_validation) observer_.on_validation(epoch.epoch, evaluation);
            epoch.validation_loss = evaluation.log_loss;
            epoch.validation_accuracy = evaluation.accuracy();
            if (!best_network || is_better(epoch, best)) {
                best_network = network_;
                best = epoch;
            }
        } else {
            best = epoch;
        }
        history_.epochs.push_back(epoch);
        if (observer_.on_epoch) observer_.on_epoch(epoch);
        if (settings_.patience > 0 && epoch.epoch - best.epoch >= settings_.patience) break;
    }
    history_.best_epoch = best.epoch;
    if (best_network) network_ = std::move(*best_network);
    return std::move(history_);
}

void Run::guard_loss(const StepRecord& record) {
    if (record.loss < exploded_loss) return;  // false for not-a-number, too
    history_.steps.push_back(record);
    diverge(record, where_it_broke(network_, activations_));
}

// The last step of an epoch has no next one whose loss would give it away: so the last batch is
// read once more.
void Run::guard_last_step() {
    StepRecord record = history_.steps.back();
    const Matrix& logits = network_.forward(batch_.input, activations_);
    record.loss = softmax_cross_entropy(logits, batch_.labels, grad_logits_);
    if (!(record.loss < exploded_loss)) diverge(record, where_it_broke(network_, activations_));
}

void Run::diverge(const StepRecord& record, const std::string& where) {
    const std::string remedy =
        settings_.loss.reduction == Reduction::sum
            ? text("the loss is summed over batches of ", settings_.batch_size,
                   ", so its gradients are so many times those of a mean: divide the learning rate "
                   "by ",
                   settings_.batch_size, ", or minimise the mean")
            : text("try a tenth of it, or a warm-up");
    throw Diverged(
        text("training diverged at step ", record.step, " (epoch ", record.epoch, "): the loss is ",
             record.loss, " and ", where, ". The likely cause is the learning rate, ",
             settings_.schedule.learning_rate, ": ", remedy),
        std::move(history_));
}

}  // namespace

std::size_t total_steps(const TrainerSettings& settings, std::size_t examples) {
    require(examples > 0 && settings.batch_size > 0, "train: ", examples,
            " pictures in batches of ", settings.batch_size);
    if (settings.steps > 0) return settings.steps;
    const std::size_t batches = divide_rounding_up(examples, settings.batch_size);
    require(settings.epochs <= std::numeric_limits<std::size_t>::max() / batches,
            "train: ", settings.epochs, " epochs of ", batches,
            " steps are more than can be counted");
    return settings.epochs * batches;
}

History train(Network& network, const Dataset& training, const Dataset* validation,
              const TrainerSettings& settings, Random& random, const Observer& observer) {
    require_sense(settings, network, training, validation);
    return Run(network, training, settings, random, observer).train(validation);
}

}  // namespace digits
