// The training loop: shuffle, then for each batch run forward, backward and an optimizer step.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "data/augment.h"
#include "data/dataset.h"
#include "data/preprocessing.h"
#include "network/loss.h"
#include "network/network.h"
#include "training/evaluation.h"
#include "training/lr_schedule.h"
#include "training/optimizer.h"

namespace digits {

// The defaults had the best accuracy on MNIST's validation images among a dozen combinations, with
// three seeds each, 784-256-128-10 and 10 epochs: 98.35 % on average; 98.08 % without label
// smoothing.
struct TrainerSettings {
    std::size_t batch_size = 128;
    std::size_t epochs = 10;   // passes over the training images
    std::size_t steps = 0;     // if not 0, train for this many steps instead of `epochs`
    std::size_t patience = 0;  // if not 0, stop after this many epochs without improvement
    // If not 0, the decay of an exponential moving average (EMA) of the weights, which is then
    // validated and kept in their place.
    double ema_decay = 0.0;
    AugmentSettings augment{};      // of the training images, differently in each epoch
    Preprocessing preprocessing{};  // of all images
    LossSettings loss{.label_smoothing = 0.05};
    OptimizerSettings optimizer{};
    ScheduleSettings schedule{};
};

std::vector<Setting> settings_of(TrainerSettings& settings);

// Recorded losses are always means per image, even for Reduction::sum, so that they can be
// compared.
struct StepRecord {
    std::size_t step = 0;   // from 1
    std::size_t epoch = 0;  // from 1
    double learning_rate = 0.0;
    double loss = 0.0;      // of this batch, before the update
    double accuracy = 0.0;  // likewise
};

struct EpochRecord {
    std::size_t epoch = 0;       // from 1
    std::size_t steps = 0;       // since the start of the training
    double learning_rate = 0.0;  // of its last step
    // Means over the epoch's images, measured during the training steps: with augmentation,
    // dropout, label smoothing, and weights that still change. Validation has none of these.
    double train_loss = 0.0;
    double train_accuracy = 0.0;
    std::optional<double> validation_loss;
    std::optional<double> validation_accuracy;
    std::size_t images = 0;  // trained on in this epoch
    double seconds = 0.0;    // of training only, without validation
};

// The confusion matrix of the validation images after an epoch.
struct EpochConfusion {
    std::size_t epoch;
    ConfusionMatrix confusion;
};

struct History {
    std::vector<StepRecord> steps;
    std::vector<EpochRecord> epochs;
    std::vector<EpochConfusion> validations{};  // one per validated epoch, in order
    // The epoch whose weights the network has at the end; without validation, the last one.
    std::size_t best_epoch = 0;
};

// Callbacks during the training, in the thread that called train(). Each may be empty.
struct Observer {
    std::function<void(const StepRecord&)> on_step;
    std::function<void(const EpochRecord&)> on_epoch;  // when the state is ready for the next epoch
    std::function<bool()> should_stop;  // called between steps; true stops the training there
};

// Everything that changes during a training. A training that is stopped and resumed from its state
// ends with the same bits as one that was never stopped.
struct TrainingState {
    Network network;
    Optimizer optimizer;
    BatchSampler order;
    Random random;
    History history{};
    std::optional<Network> ema{};  // from the first step on, if there is an ema_decay
    EpochRecord epoch{};           // the current epoch (sums, not means), if its images > 0
    std::optional<Network> best_network{};  // with the best validation result so far
    EpochRecord best{};                     // its record
};

// Thrown if the loss is NaN or has exploded: what() says in which step and layer, and the likely
// cause.
class Diverged : public std::runtime_error {
public:
    Diverged(const std::string& message, History history)
        : std::runtime_error(message), history_(std::move(history)) {}

    // All steps up to and including the one that diverged.
    const History& history() const { return history_; }

private:
    History history_;
};

// The state before the first step, for `examples` training images.
TrainingState start_training(Network network, std::size_t examples, const TrainerSettings& settings,
                             const Random& random);

// The number of steps that the settings mean for `examples` training images.
std::size_t total_steps(const TrainerSettings& settings, std::size_t examples);

// Trains the network in place. With `validation`, the network ends with the weights of the epoch
// with the best validation result (highest accuracy; on a tie, lowest loss); without, with those of
// the last. The training images, the settings and the state of `random` (which shuffles the images
// and drives dropout) determine every bit of the result. Throws Diverged, or std::invalid_argument
// for invalid settings.
History train(Network& network, const Dataset& training, const Dataset* validation,
              const TrainerSettings& settings, Random& random, const Observer& observer = {});

// Starts or resumes a training from a state, with the images and settings of its beginning. Returns
// whether the training is finished; if not, should_stop() stopped it, and `state` is what is needed
// to resume it.
bool train(TrainingState& state, const Dataset& training, const Dataset* validation,
           const TrainerSettings& settings, const Observer& observer = {});

// Ends a training where it was stopped: the epoch that it was in counts as complete, and the
// network gets the best weights so far. Throws std::invalid_argument if there was no step yet.
void finish_training(TrainingState& state, const Dataset& training, const Dataset* validation,
                     const TrainerSettings& settings, const Observer& observer = {});

}  // namespace digits
