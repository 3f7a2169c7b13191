#include "training/trainer.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "bars.h"
#include "check.h"
#include "training/evaluation.h"
#include "util/parallel.h"

namespace digits {
namespace {

using testing::bars;
using testing::check;
using testing::check_equal;
using testing::check_near;
using testing::check_throws;
using testing::quick_settings;
using testing::small_network;

TEST(training_learns_to_classify_bars) {
    Network network = small_network();
    const Dataset test = bars(200, 2);
    check(evaluate(network, test).accuracy() < 0.6);
    Random random(1);
    const History history = train(network, bars(300, 1), nullptr, quick_settings(), random);
    check(evaluate(network, test).accuracy() > 0.99);
    check(history.epochs.back().train_loss < history.epochs.front().train_loss / 2);
}

TEST(the_first_loss_is_that_of_the_initial_network) {
    Random random(1);
    NetworkSettings settings;
    settings.hidden = {};
    settings.initializer = {InitializerKind::zeros};
    Network network = build_network(16, 4, settings, random);
    const History history = train(network, bars(64, 1), nullptr, quick_settings(), random);
    check_near(history.steps[0].loss, std::log(4.0),
               1e-12);  // all four classes are equally probable
}

TEST(records_count_steps_epochs_and_images) {
    Network network = small_network();
    Random random(1);
    TrainerSettings settings = quick_settings();
    settings.epochs = 2;
    std::size_t steps_seen = 0, epochs_seen = 0;
    Observer observer;
    observer.on_step = [&](const StepRecord& record) { check_equal(record.step, ++steps_seen); };
    observer.on_epoch = [&](const EpochRecord& record) {
        check_equal(record.epoch, ++epochs_seen);
    };
    // 40 images in batches of 16: 16, 16 and 8.
    const History history = train(network, bars(40, 1), nullptr, settings, random, observer);
    check_equal(steps_seen, 6u);
    check_equal(epochs_seen, 2u);
    check_equal(history.steps.size(), 6u);
    check_equal(history.steps[3].epoch, 2u);
    check_equal(history.epochs[1].steps, 6u);
    check_equal(history.epochs[1].images, 40u);
    check_equal(history.best_epoch, 2u);
    check(!history.epochs[0].validation_loss);
    // A cosine schedule over six steps: the last one has 1/2 (1 + cos(5/6 pi)) of the peak rate.
    check_near(history.steps[5].learning_rate, 0.01 * (1 - std::sqrt(0.75)), 1e-12);
    check_near(history.epochs[1].learning_rate, history.steps[5].learning_rate, 0);
}

TEST(the_mean_over_an_epoch_weights_images_and_not_batches) {
    Network network = small_network();
    Random random(1);
    TrainerSettings settings = quick_settings();
    settings.epochs = 1;
    const History history = train(network, bars(40, 1), nullptr, settings, random);
    const std::vector<StepRecord>& steps = history.steps;
    check_near(history.epochs[0].train_loss,
               (16 * steps[0].loss + 16 * steps[1].loss + 8 * steps[2].loss) / 40, 1e-12);
    check_near(history.epochs[0].train_accuracy,
               (16 * steps[0].accuracy + 16 * steps[1].accuracy + 8 * steps[2].accuracy) / 40,
               1e-12);
}

TEST(training_for_a_number_of_steps_may_end_within_an_epoch) {
    Network network = small_network();
    Random random(1);
    TrainerSettings settings = quick_settings();
    settings.steps = 4;
    const History history = train(network, bars(40, 1), nullptr, settings, random);
    check_equal(history.steps.size(), 4u);
    check_equal(history.epochs.size(), 2u);
    check_equal(history.epochs[1].images, 16u);
}

// Dropout and a shorter last batch are included.
TEST(the_result_has_the_same_bits_for_every_thread_count) {
    const Dataset data = bars(500, 1);
    std::vector<std::string> hashes;
    for (const std::size_t threads : {1u, 2u, 3u, 7u, 1u}) {
        set_thread_count(threads);
        Network network = small_network(1, 0.25);
        Random random(9);
        TrainerSettings settings = quick_settings();
        settings.batch_size = 128;
        train(network, data, nullptr, settings, random);
        hashes.push_back(weights_hash(network));
    }
    set_thread_count(0);
    for (const std::string& hash : hashes) check_equal(hash, hashes[0]);
}

TEST(a_different_seed_gives_a_different_result) {
    std::vector<std::string> hashes;
    for (const std::uint64_t seed : {1u, 2u}) {
        Network network = small_network();
        Random random(seed);
        train(network, bars(100, 1), nullptr, quick_settings(), random);
        hashes.push_back(weights_hash(network));
    }
    check(hashes[0] != hashes[1]);
}

TEST(the_network_ends_with_the_weights_of_the_best_validation) {
    // The learning rate rises from zero to far too high a value, so the best epoch is not the last.
    const Dataset validation = bars(200, 2);
    Network network = small_network();
    Random random(1);
    TrainerSettings settings = quick_settings();
    settings.optimizer.kind = OptimizerKind::sgd;
    settings.epochs = 12;
    settings.schedule = {ScheduleKind::constant, 20.0, 12 * 7 - 1};
    const History history = train(network, bars(100, 1), &validation, settings, random);
    double best = 0.0;
    for (const EpochRecord& epoch : history.epochs)
        best = std::max(best, *epoch.validation_accuracy);
    check(history.best_epoch < history.epochs.size());
    check_near(*history.epochs[history.best_epoch - 1].validation_accuracy, best, 0);
    const Evaluation evaluation = evaluate(network, validation);
    check_near(evaluation.accuracy(), best, 0);
    check_near(evaluation.log_loss, *history.epochs[history.best_epoch - 1].validation_loss, 0);
}

TEST(of_epochs_with_equal_accuracy_the_one_with_the_lowest_loss_is_the_best) {
    // Ten images are soon all read correctly, while their loss goes on falling.
    const Dataset validation = bars(10, 2);
    Network network = small_network();
    Random random(1);
    TrainerSettings settings = quick_settings();
    settings.epochs = 8;
    const History history = train(network, bars(100, 1), &validation, settings, random);
    const auto key = [&](std::size_t epoch) {
        const EpochRecord& record = history.epochs[epoch - 1];
        return std::pair(-*record.validation_accuracy, *record.validation_loss);
    };
    std::size_t best = 1, ties = 0;
    for (std::size_t epoch = 1; epoch <= 8; ++epoch) {
        if (key(epoch) < key(best)) best = epoch;
    }
    for (std::size_t epoch = 1; epoch <= 8; ++epoch) ties += key(epoch).first == key(best).first;
    check(ties > 1);
    check_equal(history.best_epoch, best);
}

TEST(a_summed_loss_is_reported_per_image_in_a_shorter_batch_too) {
    // With a learning rate of almost zero, the sum and the mean see the same network in each step.
    TrainerSettings settings = quick_settings();
    settings.epochs = 1;
    settings.optimizer.kind = OptimizerKind::sgd;
    settings.schedule.learning_rate = 1e-12;
    std::vector<History> histories;
    for (const Reduction reduction : {Reduction::mean, Reduction::sum}) {
        settings.loss.reduction = reduction;
        Network network = small_network();
        Random random(1);
        // 40 images in batches of 16: 16, 16 and 8.
        histories.push_back(train(network, bars(40, 1), nullptr, settings, random));
    }
    for (std::size_t step = 0; step < 3; ++step) {
        check_near(histories[1].steps[step].loss, histories[0].steps[step].loss, 1e-6);
    }
    check_near(histories[1].epochs[0].train_loss, histories[0].epochs[0].train_loss, 1e-6);
}

TEST(each_epoch_trains_on_distortions_of_its_own) {
    // One batch of all images, and a learning rate of almost zero: the loss of an epoch is that of
    // the initial network on the distorted images.
    const Dataset data = bars(40, 1);
    TrainerSettings settings = quick_settings();
    settings.batch_size = 40;
    settings.epochs = 2;
    settings.optimizer.kind = OptimizerKind::sgd;
    settings.schedule.learning_rate = 1e-12;
    settings.augment.kind = Augmentation::affine;
    const Network initial = small_network();
    Network network = initial;
    Random random(1);
    const History history = train(network, data, nullptr, settings, random);

    std::vector<std::size_t> indices(40);
    std::iota(indices.begin(), indices.end(), std::size_t{0});
    const Augmenter augmenter(4, 4, settings.augment);
    std::vector<double> losses;
    for (const std::size_t epoch : {1u, 2u}) {
        Batch batch;
        gather(data, indices, batch);
        augmenter.distort(indices, epoch, batch.input);
        Activations activations;
        Matrix grad;
        losses.push_back(
            softmax_cross_entropy(initial.forward(batch.input, activations), batch.labels, grad));
        check_near(history.steps[epoch - 1].loss, losses.back(), 1e-6);
    }
    check(std::abs(losses[0] - losses[1]) > 1e-4);
}

TEST(training_advances_the_random_numbers_of_the_caller) {
    Network network = small_network();
    Random random(1);
    const std::uint64_t before = random.state();
    train(network, bars(40, 1), nullptr, quick_settings(), random);
    check(random.state() != before);
}

TEST(patience_stops_a_training_that_no_longer_improves) {
    // With a learning rate of almost zero, the first epoch remains the best.
    const Dataset validation = bars(50, 2);
    Network network = small_network();
    Random random(1);
    TrainerSettings settings = quick_settings();
    settings.epochs = 20;
    settings.patience = 3;
    settings.optimizer.kind = OptimizerKind::sgd;
    settings.schedule = {ScheduleKind::constant, 1e-30};
    const History history = train(network, bars(50, 1), &validation, settings, random);
    check_equal(history.epochs.size(), 4u);
    check_equal(history.best_epoch, 1u);
}

TEST(sum_and_mean_take_the_same_steps_with_matching_learning_rates) {
    // The gradients of the sum are 16 times those of the mean, and 0.32 / 16 = 0.02. 48 images are
    // three full batches. Losses are recorded per image for both.
    TrainerSettings settings = quick_settings();
    settings.optimizer.kind = OptimizerKind::sgd;
    settings.schedule.learning_rate = 0.32;
    settings.epochs = 1;
    Network of_mean = small_network(), of_sum = small_network();
    Random random_mean(1), random_sum(1);
    const History mean = train(of_mean, bars(48, 1), nullptr, settings, random_mean);
    settings.loss.reduction = Reduction::sum;
    settings.schedule.learning_rate = 0.02;
    const History sum = train(of_sum, bars(48, 1), nullptr, settings, random_sum);
    check_near(mean.steps[2].loss, sum.steps[2].loss, 1e-6);
}

TEST(a_batch_size_above_the_number_of_images_means_one_batch_per_epoch) {
    Network network = small_network();
    Random random(1);
    TrainerSettings settings = quick_settings();
    settings.batch_size = std::numeric_limits<std::size_t>::max();
    const History history = train(network, bars(40, 1), nullptr, settings, random);
    check_equal(history.steps.size(), 5u);
    check_equal(history.epochs[0].images, 40u);
}

TEST(a_practically_endless_training_does_not_allocate_endless_memory) {
    const Dataset validation = bars(50, 2);
    Network network = small_network();
    Random random(1);
    TrainerSettings settings = quick_settings();
    settings.epochs = std::numeric_limits<std::size_t>::max() / 4;  // of 4 steps each
    settings.patience = 1;
    settings.schedule = {ScheduleKind::constant, 1e-30};
    check_equal(train(network, bars(50, 1), &validation, settings, random).epochs.size(), 2u);
}

TEST(invalid_settings_are_refused) {
    Network network = small_network();
    Random random(1);
    TrainerSettings settings = quick_settings();
    const auto attempt = [&] { train(network, bars(10, 1), nullptr, settings, random); };
    settings.batch_size = 0;
    check_throws(attempt, "batch_size is 0; expected a whole number of at least 1");
    settings = quick_settings();
    settings.epochs = 0;
    check_throws(attempt, "epochs is 0; expected a whole number of at least 1");
    settings = quick_settings();
    settings.patience = 2;
    check_throws(attempt, "patience needs a validation set");
    check_throws([&] { train(network, Dataset{}, nullptr, quick_settings(), random); },
                 "no training images");
    const Dataset nothing;
    check_throws([&] { train(network, bars(10, 1), &nothing, quick_settings(), random); },
                 "no validation images");
    settings = quick_settings();
    settings.epochs = std::numeric_limits<std::size_t>::max();
    settings.batch_size = 5;
    check_throws(attempt, "exceed the largest step count");
    // What used to train silently.
    const auto refused = [&](auto change, const char* message) {
        settings = quick_settings();
        change(settings);
        check_throws(attempt, message);
    };
    refused([](TrainerSettings& s) { s.schedule.learning_rate = -0.01; }, "learning_rate is -0.01");
    refused([](TrainerSettings& s) { s.optimizer.momentum = 2.0; }, "momentum is 2");
    refused([](TrainerSettings& s) { s.optimizer.weight_decay = -5.0; }, "weight_decay is -5");
    refused([](TrainerSettings& s) { s.optimizer.beta1 = 1.0; }, "beta1 is 1");
    refused([](TrainerSettings& s) { s.ema_decay = std::nan(""); }, "ema_decay is nan");
    refused([](TrainerSettings& s) { s.loss.label_smoothing = 1.0; }, "label_smoothing is 1");
    refused([](TrainerSettings& s) { s.augment.strength = 9.0; }, "augment_strength is 9");
    refused([](TrainerSettings& s) { s.optimizer.kind = static_cast<OptimizerKind>(17); },
            "optimizer is choice 17 of 6");
    refused([](TrainerSettings& s) { s.schedule.warmup_steps = 1'000'000; },
            "warm-up of 1000000 steps is as long as the whole training");
    for (const double rate : {-0.5, 1.0, std::nan("")}) {
        check_throws([&] { build_network(4, 2, {.dropout = rate}, random); }, "dropout is");
        check_throws([&] { build_network(4, 2, {.input_dropout = rate}, random); },
                     "input_dropout is");
    }
    const Dataset wide("wide", 2, 2, 1, {1, 2, 3, 4}, {0});
    check_throws([&] { train(network, wide, nullptr, quick_settings(), random); },
                 "the training images have 4 pixels");
}

}  // namespace
}  // namespace digits
