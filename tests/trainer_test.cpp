#include "training/trainer.h"

#include <cmath>
#include <limits>
#include <vector>

#include "check.h"
#include "math/parallel.h"
#include "training/evaluation.h"

namespace digits {
namespace {

using testing::check;
using testing::check_contains;
using testing::check_equal;
using testing::check_near;
using testing::check_throws;

// Pictures of 4 x 4 pixels: class c has its row c inked, with noise around it.
Dataset bars(std::size_t count, std::uint64_t seed) {
    Random random(seed);
    Dataset data{"bars", 4, 4, 4, {}, {}};
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t label = random.below(4);
        data.labels.push_back(static_cast<std::uint8_t>(label));
        for (std::size_t pixel = 0; pixel < 16; ++pixel) {
            const std::size_t noise = random.below(100);
            data.pixels.push_back(
                static_cast<std::uint8_t>(noise + (pixel / 4 == label ? 100 : 0)));
        }
    }
    return data;
}

Network small_network(std::uint64_t seed = 1, double dropout = 0.0) {
    Random random(seed);
    NetworkSettings settings;
    settings.hidden = {12};
    settings.dropout = dropout;
    return build_network(16, 4, settings, random);
}

TrainerSettings quick_settings() {
    TrainerSettings settings;
    settings.batch_size = 16;
    settings.epochs = 5;
    settings.schedule.learning_rate = 0.02;
    return settings;
}

TEST(training_learns_to_tell_bars_apart) {
    Network network = small_network();
    const Dataset test = bars(200, 2);
    check(evaluate(network, test).accuracy() < 0.6);
    Random random(1);
    const History history = train(network, bars(300, 1), nullptr, quick_settings(), random);
    check(evaluate(network, test).accuracy() > 0.99);
    check(history.epochs.back().train_loss < history.epochs.front().train_loss / 2);
}

TEST(the_first_loss_is_that_of_the_network_as_it_was) {
    Random random(1);
    NetworkSettings settings;
    settings.hidden = {};
    settings.initializer = {InitializerKind::zeros};
    Network network = build_network(16, 4, settings, random);
    const History history = train(network, bars(64, 1), nullptr, quick_settings(), random);
    check_near(history.steps[0].loss, std::log(4.0), 1e-12);  // all four classes alike
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
    // 40 pictures in batches of 16: 16, 16 and 8.
    const History history = train(network, bars(40, 1), nullptr, settings, random, observer);
    check_equal(steps_seen, 6u);
    check_equal(epochs_seen, 2u);
    check_equal(history.steps.size(), 6u);
    check_equal(history.steps[3].epoch, 2u);
    check_equal(history.epochs[1].steps, 6u);
    check_equal(history.epochs[1].images, 40u);
    check_equal(history.best_epoch, 2u);
    check(!history.epochs[0].validation_loss);
    // The cosine over six steps: the last one has 1/2 (1 + cos(5/6 pi)) of the rate.
    check_near(history.steps[5].learning_rate, 0.01 * (1 - std::sqrt(0.75)), 1e-12);
    check_near(history.epochs[1].learning_rate, history.steps[5].learning_rate, 0);
}

TEST(the_mean_over_an_epoch_weighs_pictures_and_not_batches) {
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

TEST(a_number_of_steps_may_end_within_an_epoch) {
    Network network = small_network();
    Random random(1);
    TrainerSettings settings = quick_settings();
    settings.steps = 4;
    const History history = train(network, bars(40, 1), nullptr, settings, random);
    check_equal(history.steps.size(), 4u);
    check_equal(history.epochs.size(), 2u);
    check_equal(history.epochs[1].images, 16u);
}

// The same bits whatever the number of threads; the dropout and the tail batch are part of it.
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

TEST(another_seed_gives_another_result) {
    std::vector<std::string> hashes;
    for (const std::uint64_t seed : {1u, 2u}) {
        Network network = small_network();
        Random random(seed);
        train(network, bars(100, 1), nullptr, quick_settings(), random);
        hashes.push_back(weights_hash(network));
    }
    check(hashes[0] != hashes[1]);
}

TEST(the_network_ends_with_the_weights_that_validated_best) {
    // A rate that rises from zero to far too much: it is best somewhere on the way.
    const Dataset validation = bars(200, 2);
    Network network = small_network();
    Random random(1);
    TrainerSettings settings = quick_settings();
    settings.optimizer.kind = OptimizerKind::sgd;
    settings.epochs = 12;
    settings.schedule = {ScheduleKind::constant, 20.0, 12 * 7};
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

TEST(patience_ends_a_training_that_no_longer_improves) {
    // With a learning rate of almost nothing the first epoch stays the best.
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

TEST(a_sum_and_a_mean_take_the_same_steps_when_the_rates_agree) {
    // The gradients of the sum are 16 times those of the mean; 0.32 / 16 = 0.02. 48 pictures make
    // three full batches. Losses are reported per picture in both.
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

std::string divergence(const TrainerSettings& settings, Network network) {
    Random random(1);
    try {
        train(network, bars(300, 1), nullptr, settings, random);
    } catch (const Diverged& error) {
        return error.what();
    }
    return "it did not diverge";
}

TEST(an_exploding_loss_stops_the_training_and_says_where_and_why) {
    TrainerSettings settings = quick_settings();
    settings.optimizer.kind = OptimizerKind::sgd;
    settings.schedule = {ScheduleKind::constant, 1e6};
    const std::string message = divergence(settings, small_network());
    check_contains(message, "training diverged at step 2 (epoch 1): the loss is ");
    check_contains(message, "dense2");
    check_contains(message, "the learning rate, 1e+06: try a tenth");
    settings.loss.reduction = Reduction::sum;
    check_contains(divergence(settings, small_network()),
                   "summed over batches of 16, so its gradients are so many times");
}

TEST(a_weight_that_is_not_a_number_is_found_by_name) {
    Network network = small_network();
    network.parameters()[2]->value(3, 1) = std::numeric_limits<float>::quiet_NaN();
    check_contains(divergence(quick_settings(), network),
                   "step 1 (epoch 1): the loss is nan and dense2.weight is no longer finite");
}

TEST(settings_that_make_no_sense_are_refused) {
    Network network = small_network();
    Random random(1);
    TrainerSettings settings = quick_settings();
    const auto attempt = [&] { train(network, bars(10, 1), nullptr, settings, random); };
    settings.batch_size = 0;
    check_throws(attempt, "batch_size is 0");
    settings = quick_settings();
    settings.epochs = 0;
    check_throws(attempt, "neither epochs nor steps");
    settings = quick_settings();
    settings.patience = 2;
    check_throws(attempt, "patience needs a validation set");
    check_throws([&] { train(network, Dataset{}, nullptr, quick_settings(), random); },
                 "no training pictures");
    Dataset wide = bars(10, 1);
    wide.rows = 2;
    wide.columns = 2;
    check_throws([&] { train(network, wide, nullptr, quick_settings(), random); },
                 "the pictures have 4 pixels");
}

TEST(an_evaluation_reads_every_picture_and_knows_its_mistakes) {
    // A single dense layer that copies pixels 0, 1 and 2 to the logits: what it reads is in our
    // hands.
    Random random(1);
    Dense dense(3, 3, {InitializerKind::zeros}, random);
    dense.weight.value = Matrix{{10, 0, 0}, {0, 10, 0}, {0, 0, 10}};
    const Network network({dense});
    const Dataset data{"three", 1, 3, 3, {255, 0, 0, 0, 255, 0, 255, 0, 51}, {0, 1, 2}};
    const Evaluation evaluation = evaluate(network, data);
    check_equal(evaluation.confusion(0, 0), 1u);
    check_equal(evaluation.confusion(1, 1), 1u);
    check_equal(evaluation.confusion(2, 0), 1u);
    check_near(evaluation.accuracy(), 2.0 / 3.0, 1e-12);
    // Logits 10, 0, 0: the loss of the right class is log(1 + 2 e^-10). Of the third picture they
    // are 10, 0, 2 and class 2 is right: 8 + log(1 + e^-10 + e^-8).
    const double right = std::log(1 + 2 * std::exp(-10.0));
    const double wrong = 8 + std::log(1 + std::exp(-10.0) + std::exp(-8.0));
    check_near(evaluation.log_loss, (2 * right + wrong) / 3, 1e-6);
    check_equal(int{evaluation.readings[2].predicted}, 0);
    check_near(static_cast<double>(evaluation.readings[2].confidence),
               1 / (1 + std::exp(-10.0) + std::exp(-8.0)), 1e-6);
    const std::vector<std::size_t> mistakes = worst_mistakes(evaluation, data, 10);
    check_equal(mistakes.size(), 1u);
    check_equal(mistakes[0], 2u);
    check_throws(
        [&] {
            evaluate(network, Dataset{"void", 1, 3, 3, {}, {}});
        },
        "void holds no pictures");
}

}  // namespace
}  // namespace digits
