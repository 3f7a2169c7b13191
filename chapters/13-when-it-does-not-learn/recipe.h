// Steps 5 to 7 of the recipe: trains the network without a mistake, in different ways.
#pragma once

#include <cstdio>
#include <vector>

#include "../shared.h"
#include "data/augment.h"
#include "data/dataset.h"
#include "mistakes.h"
#include "museum.h"
#include "training/lr_schedule.h"
#include "util/random.h"

namespace digits {

inline constexpr std::size_t seeds = 3;

// One line of steps 5 to 7: 784-units-10 with tanh, trained without a mistake.
struct Trial {
    const char* name;
    std::size_t units = 128, images = 1000, epochs = 40;
    Augmentation augmentation = Augmentation::none;
    bool stops_early = false;  // keeps the weights of the epoch with the lowest validation loss
    float learning_rate = 0.05f;
};

struct Outcome {
    double training = 0.0, loss = 0.0, validation = 0.0;  // accuracies in %, the validation loss
};

inline Outcome measure(Model& model, const Dataset& train, const Dataset& validation) {
    Outcome outcome{.training = accuracy_of(model, train, false)};
    outcome.validation = accuracy_of(model, validation, false);
    outcome.loss = loss_of(model, validation.labels);
    return outcome;
}

inline Model learn(const Trial& trial, const Dataset& train, const Dataset& validation,
                   std::uint64_t seed) {
    Model model = make_model(train, {.hidden = {trial.units}, .momentum = 0.9f}, {}, seed);
    Random random(seed);
    BatchSampler order(train.size(), 50);
    const Schedule schedule({ScheduleKind::cosine, as_double(trial.learning_rate)},
                            trial.epochs * order.batches());
    const Augmenter augmenter(train.rows, train.columns, {.kind = trial.augmentation});
    Model best = model;
    double best_loss = 1e9;
    for (std::size_t epoch = 0, step = 0; epoch < trial.epochs; ++epoch) {
        order.shuffle(random);
        for (std::size_t b = 0; b < order.batches(); ++b) {
            Batch batch = pixels_of(train, order.batch(b), false);
            augmenter.distort(order.batch(b), epoch, batch.input);
            model.design.learning_rate = static_cast<float>(schedule(step++));
            find_gradients(model, batch);
            descend(model);
        }
        if (!trial.stops_early) continue;
        accuracy_of(model, validation, false);  // leaves its probabilities in the model
        const double loss = loss_of(model, validation.labels);
        if (loss < best_loss) best_loss = loss, best = model;
    }
    return trial.stops_early ? best : model;
}

// Prints mean and deviation over the seeds; returns the means.
inline Outcome attempt(const Trial& trial, const Dataset& all, const Dataset& validation) {
    const Dataset train = first_images(all, trial.images);
    std::vector<double> training, loss, accuracies;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        Model model = learn(trial, train, validation, seed);
        const Outcome outcome = measure(model, train, validation);
        training.push_back(outcome.training);
        loss.push_back(outcome.loss);
        accuracies.push_back(outcome.validation);
    }
    std::printf("  %-22s %-13s %-13s %s\n", trial.name, mean_shown(training).c_str(),
                mean_shown(loss, 2).c_str(), mean_shown(accuracies).c_str());
    const auto mean = [](const std::vector<double>& v) { return (v[0] + v[1] + v[2]) / 3; };
    return {mean(training), mean(loss), mean(accuracies)};
}

}  // namespace digits
