// The training loop: shuffle, and for each batch go forward, go back, take a step.
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

// The defaults are what read MNIST's validation images best among a dozen combinations, three
// seeds each, 784-256-128-10 and 10 epochs: 98.35 % on average; 98.08 % without label smoothing.
struct TrainerSettings {
    std::size_t batch_size = 128;
    std::size_t epochs = 10;   // passes over the training images
    std::size_t steps = 0;     // if not 0, this many steps instead of whole epochs
    std::size_t patience = 0;  // if not 0, stop after so many epochs without a better validation
    // If not 0, the decay of an exponential moving average (EMA) of the weights, which is then what
    // is validated and kept.
    double ema_decay = 0.0;
    AugmentSettings augment{};      // of the training images, differently in each epoch
    Preprocessing preprocessing{};  // of all images
    LossSettings loss{.label_smoothing = 0.05};
    OptimizerSettings optimizer{};
    ScheduleSettings schedule{};
};

std::vector<Setting> settings_of(TrainerSettings& settings);

// Losses are means per image here, also when a sum is what is minimised, so that they compare.
struct StepRecord {
    std::size_t step = 0;   // from 1
    std::size_t epoch = 0;  // from 1
    double learning_rate = 0.0;
    double loss = 0.0;      // of this batch, before the step
    double accuracy = 0.0;  // likewise
};

struct EpochRecord {
    std::size_t epoch = 0;       // from 1
    std::size_t steps = 0;       // taken since the start
    double learning_rate = 0.0;  // of its last step
    // Means over the epoch's images, each as it was when its batch came up: with dropout, label
    // smoothing, and weights still changing. The validation has none of these.
    double train_loss = 0.0;
    double train_accuracy = 0.0;
    std::optional<double> validation_loss;
    std::optional<double> validation_accuracy;
    std::size_t images = 0;  // seen in this epoch
    double seconds = 0.0;    // of training alone, without the validation
};

struct History {
    std::vector<StepRecord> steps;
    std::vector<EpochRecord> epochs;
    // Whose weights the network has at the end; without a validation, the last.
    std::size_t best_epoch = 0;
};

// Called during the training, by the thread that called train(). Each may be empty.
struct Observer {
    std::function<void(const StepRecord&)> on_step;
    // What the validation of an epoch was made of, before on_epoch() tells of its accuracy.
    std::function<void(std::size_t epoch, const Evaluation&)> on_validation;
    std::function<void(const EpochRecord&)> on_epoch;  // once the state is ready for the next
    std::function<bool()> should_stop;  // asked between steps: true, and the training stops there
};

// All that changes in the course of a training. With it, one that was stopped goes on as if nothing
// had happened, and ends with the same bits.
struct TrainingState {
    Network network;
    Optimizer optimizer;
    BatchSampler order;
    Random random;
    History history{};
    std::optional<Network> ema{};  // the moving average, from the first step on, if asked for
    EpochRecord epoch{};  // the one that was begun; sums instead of means. No images: none was
    std::optional<Network> best_network{};  // the one that validated best, and what it scored
    EpochRecord best{};
};

// The loss is not a number, or beyond all reason: what() says at which step, in which layer and
// why.
class Diverged : public std::runtime_error {
public:
    Diverged(const std::string& message, History history)
        : std::runtime_error(message), history_(std::move(history)) {}

    // Of the steps that were taken, and last the one that went wrong.
    const History& history() const { return history_; }

private:
    History history_;
};

// The state before the first step, for so many training images.
TrainingState start_training(Network network, std::size_t examples, const TrainerSettings& settings,
                             const Random& random);

// How many steps the settings make for so many training images.
std::size_t total_steps(const TrainerSettings& settings, std::size_t examples);

// Trains the network in place. With `validation`, the network ends with the weights of the epoch
// that validated best (highest accuracy; of equals, the lowest loss); without, with the last. The
// training images, the settings and the state of `random` (which shuffles the images and drives
// dropout) determine every bit of the result. Throws Diverged, or std::invalid_argument when the
// settings make no sense.
History train(Network& network, const Dataset& training, const Dataset* validation,
              const TrainerSettings& settings, Random& random, const Observer& observer = {});

// The same from any state on, with the images and settings that it was begun with. Returns
// whether the training is finished; if not, should_stop() ended it, and `state` is what is needed
// to go on.
bool train(TrainingState& state, const Dataset& training, const Dataset* validation,
           const TrainerSettings& settings, const Observer& observer = {});

}  // namespace digits
