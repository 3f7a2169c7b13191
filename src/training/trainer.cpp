#include "training/trainer.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "training/divergence.h"
#include "training/ema.h"
#include "util/sizes.h"
#include "util/stopwatch.h"

namespace digits {
namespace {

bool is_better(const EpochRecord& a, const EpochRecord& b) {
    if (a.validation_accuracy != b.validation_accuracy) {
        return a.validation_accuracy > b.validation_accuracy;
    }
    return a.validation_loss < b.validation_loss;
}

void require_fits(const Network& network, const Dataset& data, const char* purpose) {
    require(data.size() > 0, "train: there are no ", purpose, " images");
    data.require_valid("train");
    require(data.inputs() == network.inputs() && data.classes <= network.outputs(), "train: the ",
            purpose, " images have ", data.inputs(), " pixels and ", data.classes,
            " classes, but the network has ", network.inputs(), " inputs and ", network.outputs(),
            " outputs");
}

void require_valid(const TrainerSettings& settings, const Network& network, const Dataset& training,
                   const Dataset* validation) {
    require_fits(network, training, "training");
    if (validation) require_fits(network, *validation, "validation");
    check_settings(settings, "train");
    require(settings.patience == 0 || validation,
            "train: patience needs a validation set; give one, or set patience to 0");
}

// One call of train(): everything that its steps share.
class Run {
public:
    Run(TrainingState& state, const Dataset& training, const TrainerSettings& settings,
        const Observer& observer)
        : state_(state),
          network_(state.network),
          optimizer_(state.optimizer),
          history_(state.history),
          epoch_(state.epoch),
          training_(training),
          settings_(settings),
          observer_(observer),
          parameters_(network_.parameters()),
          total_steps_(total_steps(settings, training.size())),
          schedule_(settings.schedule, total_steps_),
          augmenter_(training.rows, training.columns, settings.augment) {
        // Reserve memory for all steps, so that none allocates. The limit is there because the
        // number of epochs may be practically infinite, if patience is to end the training.
        constexpr std::size_t limit = 1'000'000;
        history_.steps.reserve(std::min(total_steps_, limit));
    }

    bool train(const Dataset* validation);
    void finish(const Dataset* validation);

private:
    bool run_epoch();  // false if the observer stopped it
    void step(std::span<const std::size_t> indices);
    void finish_epoch(const Dataset* validation);
    void take_best_weights();
    bool has_taken_all_steps() const { return history_.steps.size() == total_steps_; }
    bool out_of_patience() const;
    bool should_stop() const { return observer_.should_stop && observer_.should_stop(); }
    // The network that is validated and kept: the EMA, if there is one.
    const Network& result() const { return state_.ema ? *state_.ema : network_; }
    void guard_loss(const StepRecord& record);
    void guard_last_step();
    [[noreturn]] void diverge(const StepRecord& record, std::size_t updates);

    TrainingState& state_;
    Network& network_;
    Optimizer& optimizer_;
    History& history_;
    EpochRecord& epoch_;
    const Dataset& training_;
    const TrainerSettings& settings_;
    const Observer& observer_;
    std::vector<Parameter*> parameters_;
    std::size_t total_steps_;
    Schedule schedule_;
    Augmenter augmenter_;
    // Buffers of a step: allocated in the first one, then reused.
    Batch batch_;
    Activations activations_;
    Matrix grad_logits_;
};

void Run::step(std::span<const std::size_t> indices) {
    const double learning_rate = schedule_(history_.steps.size());

    gather(training_, indices, batch_);
    augmenter_.distort(indices, epoch_.epoch, batch_.input);
    preprocess(settings_.preprocessing, training_.rows, training_.columns, batch_.input);
    const Matrix& logits = network_.forward(batch_.input, activations_, state_.random);
    double loss = softmax_cross_entropy(logits, batch_.labels, grad_logits_, settings_.loss);
    const double examples = static_cast<double>(indices.size());
    if (settings_.loss.reduction == Reduction::sum) loss /= examples;
    const double correct = static_cast<double>(count_correct(logits, batch_.labels));
    const StepRecord record{history_.steps.size() + 1, epoch_.epoch, learning_rate, loss,
                            correct / examples};
    guard_loss(record);
    network_.backward(batch_.input, activations_, grad_logits_);
    optimizer_.step(parameters_, learning_rate);
    if (settings_.ema_decay > 0.0) {
        if (!state_.ema) state_.ema = network_;
        update_ema(*state_.ema, network_, settings_.ema_decay, record.step);
    }

    history_.steps.push_back(record);
    epoch_.images += indices.size();
    epoch_.train_loss += loss * examples;
    epoch_.train_accuracy += correct;
    if (observer_.on_step) observer_.on_step(record);
}

bool Run::run_epoch() {
    const Stopwatch stopwatch;
    if (epoch_.images == 0) {
        epoch_.epoch = history_.epochs.size() + 1;
        state_.order.shuffle(state_.random);
    }
    // An epoch is resumed between two batches. At least one step follows, as guard_last_step()
    // needs its batch.
    const std::size_t first = epoch_.images / settings_.batch_size;
    bool is_stopped = false;
    for (std::size_t b = first; b < state_.order.batches() && !has_taken_all_steps(); ++b) {
        is_stopped = b > first && should_stop();
        if (is_stopped) break;
        step(state_.order.batch(b));
    }
    epoch_.seconds += stopwatch.seconds();
    return !is_stopped;
}

void Run::finish_epoch(const Dataset* validation) {
    // Turn the sums over the steps into means.
    EpochRecord epoch = std::exchange(epoch_, {});
    epoch.train_loss /= static_cast<double>(epoch.images);
    epoch.train_accuracy /= static_cast<double>(epoch.images);
    epoch.steps = history_.steps.size();
    epoch.learning_rate = history_.steps.back().learning_rate;
    if (validation) {
        const Evaluation evaluation = evaluate(result(), *validation, settings_.preprocessing);
        history_.validations.push_back({epoch.epoch, evaluation.confusion});
        epoch.validation_loss = evaluation.log_loss;
        epoch.validation_accuracy = evaluation.accuracy();
    }
    if (!state_.best_network || is_better(epoch, state_.best)) {
        if (validation) state_.best_network = result();
        state_.best = epoch;
    }
    history_.epochs.push_back(epoch);
    if (observer_.on_epoch) observer_.on_epoch(epoch);
}

bool Run::out_of_patience() const {
    return settings_.patience > 0 &&
           history_.epochs.size() - state_.best.epoch >= settings_.patience;
}

bool Run::train(const Dataset* validation) {
    while (!has_taken_all_steps() && !out_of_patience()) {
        if (should_stop() || !run_epoch()) return false;
        guard_last_step();
        finish_epoch(validation);
    }
    take_best_weights();
    return true;
}

void Run::finish(const Dataset* validation) {
    if (epoch_.images > 0) finish_epoch(validation);
    take_best_weights();
}

void Run::take_best_weights() {
    history_.best_epoch = state_.best.epoch;
    if (state_.best_network) {
        network_ = *std::exchange(state_.best_network, std::nullopt);
    } else if (state_.ema) {
        network_ = *state_.ema;
    }
    state_.ema.reset();
}

void Run::guard_loss(const StepRecord& record) {
    if (!is_exploded(record.loss)) return;
    history_.steps.push_back(record);
    diverge(record, record.step - 1);
}

// The loss of a step is computed before its update, so an update that ruins the weights shows only
// in the next step. The last step of an epoch has none: run its batch through the network once
// more.
void Run::guard_last_step() {
    StepRecord record = history_.steps.back();
    const Matrix& logits = network_.forward(batch_.input, activations_);
    record.loss = softmax_cross_entropy(logits, batch_.labels, grad_logits_);
    if (is_exploded(record.loss)) diverge(record, record.step);
}

void Run::diverge(const StepRecord& record, std::size_t updates) {
    const Divergence divergence{record, updates, history_, network_, activations_};
    const std::string message = divergence_message(divergence, settings_);
    throw Diverged(message, std::move(history_));
}

}  // namespace

std::vector<Setting> settings_of(TrainerSettings& settings) {
    TrainerSettings& s = settings;
    const std::vector<Setting> rule = settings_of(s.optimizer), rate = settings_of(s.schedule);
    const std::vector<Setting> augment = settings_of(s.augment), loss = settings_of(s.loss);
    std::vector<Setting> list{rule[0], rate[0]};
    const auto append = [&list](const std::vector<Setting>& more, std::size_t from = 0) {
        list.insert(list.end(), more.begin() + static_cast<std::ptrdiff_t>(from), more.end());
    };
    append(rule, 1);
    list.push_back(
        {"ema_decay",
         "validate and keep an exponential moving average of the weights with this decay",
         &s.ema_decay,
         {0.0, 1.0, Interval::right_open}});
    append(augment);
    append(rate, 1);
    append(loss);
    append({{"batch_size", "images in one step", &s.batch_size, {.low = 1}},
            {"epochs", "passes over the training images", &s.epochs, {.low = 1}},
            {"steps", "train for this many steps instead", &s.steps, {.low = 1}, "", true},
            {"patience",
             "stop after this many epochs without a better validation accuracy",
             &s.patience,
             {.low = 1},
             "never",
             true}});
    return list;
}

std::size_t total_steps(const TrainerSettings& settings, std::size_t examples) {
    require(examples > 0 && settings.batch_size > 0,
            "train: expected at least 1 image and a "
            "batch size of at least 1, found ",
            examples, " and ", settings.batch_size);
    if (settings.steps > 0) return settings.steps;
    const std::size_t batches = ceil_div(examples, settings.batch_size);
    require(settings.epochs <= std::numeric_limits<std::size_t>::max() / batches,
            "train: ", settings.epochs, " epochs of ", batches,
            " steps exceed the largest step count");
    return settings.epochs * batches;
}

History train(Network& network, const Dataset& training, const Dataset* validation,
              const TrainerSettings& settings, Random& random, const Observer& observer) {
    TrainingState state = start_training(network, training.size(), settings, random);
    train(state, training, validation, settings, observer);
    network = std::move(state.network);
    random = state.random;
    return std::move(state.history);
}

TrainingState start_training(Network network, std::size_t examples, const TrainerSettings& settings,
                             const Random& random) {
    require(examples > 0, "train: there are no training images");
    check_settings(settings, "train");
    return {.network = std::move(network),
            .optimizer = Optimizer(settings.optimizer),
            .order = BatchSampler(examples, settings.batch_size),
            .random = random};
}

namespace {

void require_same_training(const TrainingState& state, const Dataset& training,
                           const TrainerSettings& settings) {
    require(state.order.order().size() == training.size() &&
                state.order.batch_size() == settings.batch_size,
            "train: the state belongs to a training with ", state.order.order().size(),
            " images in batches of ", state.order.batch_size(), ", not to one with ",
            training.size(), " images in batches of ", settings.batch_size);
}

}  // namespace

bool train(TrainingState& state, const Dataset& training, const Dataset* validation,
           const TrainerSettings& settings, const Observer& observer) {
    require_valid(settings, state.network, training, validation);
    require_same_training(state, training, settings);
    return Run(state, training, settings, observer).train(validation);
}

void finish_training(TrainingState& state, const Dataset& training, const Dataset* validation,
                     const TrainerSettings& settings, const Observer& observer) {
    require_valid(settings, state.network, training, validation);
    require_same_training(state, training, settings);
    require(!state.history.steps.empty(), "train: there was no step yet, so there is no result");
    Run(state, training, settings, observer).finish(validation);
}

}  // namespace digits
