#include "training/checkpoint.h"

#include <array>
#include <limits>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "bars.h"
#include "check.h"
#include "temporary_folder.h"
#include "training/model_file.h"
#include "util/hash.h"

namespace digits {
namespace {

using testing::bars;
using testing::check;
using testing::check_equal;
using testing::check_throws;
using testing::quick_settings;
using testing::small_network;
using testing::TemporaryFolder;

struct Case {
    TrainerSettings settings = quick_settings();
    double dropout = 0.0;
    bool validates = true;
};

const Dataset& training() {
    static const Dataset data = bars(90, 1);  // in batches of 16: six, the last one shorter
    return data;
}

const Dataset& validation() {
    static const Dataset data = bars(60, 2);
    return data;
}

TrainingState start(const Case& c) {
    return start_training(small_network(1, c.dropout), training().size(), c.settings, Random(9));
}

// Trains until the `pause`-th call of should_stop(); returns whether the training finished.
bool train_until(TrainingState& state, const Case& c, std::size_t pause) {
    Observer observer;
    observer.should_stop = [&, calls = std::size_t{0}]() mutable { return ++calls == pause; };
    return train(state, training(), c.validates ? &validation() : nullptr, c.settings, observer);
}

// Weights and history as text, to compare the results of two trainings.
std::string outcome(const TrainingState& state) {
    std::ostringstream words;
    words.precision(17);
    words << weights_hash(state.network) << " best " << state.history.best_epoch << "\n";
    for (const StepRecord& s : state.history.steps) {
        words << s.step << " " << s.epoch << " " << s.learning_rate << " " << s.loss << " "
              << s.accuracy << "\n";
    }
    for (const EpochRecord& e : state.history.epochs) {
        words << e.epoch << " " << e.steps << " " << e.learning_rate << " " << e.train_loss << " "
              << e.train_accuracy << " " << e.validation_loss.value_or(-1) << " "
              << e.validation_accuracy.value_or(-1) << " " << e.images << "\n";
    }
    for (const EpochConfusion& v : state.history.validations) {
        words << v.epoch;
        for (std::size_t i = 0; i < 16; ++i) words << " " << v.confusion(i / 4, i % 4);
        words << "\n";
    }
    return words.str();
}

// A training that is stopped after every `pause` steps, discarded and restored from a file each
// time must end like one that was never stopped.
void check_resumes(const Case& c) {
    TrainingState whole = start(c);
    check(train_until(whole, c, 0));
    const std::string expected = outcome(whole);
    const TemporaryFolder folder;
    for (const std::size_t pause : {1u, 2u, 5u, 7u}) {
        TrainingState state = start(c);
        std::size_t stops = 0;
        // A pause of 1 stops before the first step of an epoch, without progress: so every other
        // pause is one longer.
        while (!train_until(state, c, stops % 2 == 0 ? pause : pause + 1)) {
            ++stops;
            write_checkpoint(folder / "checkpoint", state, {});
            state = start(c);
            read_checkpoint(read_safetensors(folder / "checkpoint"), state);
        }
        check(stops > 0);
        check_equal(outcome(state), expected);
    }
}

TEST(every_optimizer_resumes_to_the_last_bit) {
    for (const OptimizerKind kind :
         {OptimizerKind::sgd, OptimizerKind::momentum, OptimizerKind::nesterov,
          OptimizerKind::rmsprop, OptimizerKind::adam, OptimizerKind::adamw}) {
        Case c;
        c.settings.optimizer = {.kind = kind, .weight_decay = 0.01};
        check_resumes(c);
    }
}

TEST(every_schedule_resumes_to_the_last_bit) {
    for (const ScheduleKind kind :
         {ScheduleKind::constant, ScheduleKind::step, ScheduleKind::cosine}) {
        Case c;
        c.settings.schedule = {.kind = kind, .learning_rate = 0.02, .warmup_steps = 9};
        check_resumes(c);
    }
}

TEST(dropout_smoothing_and_summed_losses_resume_to_the_last_bit) {
    Case c;
    c.dropout = 0.3;
    c.settings.loss = {.label_smoothing = 0.1, .reduction = Reduction::sum};
    check_resumes(c);
    c.validates = false;
    check_resumes(c);
}

TEST(the_ema_of_the_weights_resumes_to_the_last_bit) {
    Case c;
    c.settings.ema_decay = 0.9;
    check_resumes(c);
    c.validates = false;
    check_resumes(c);
}

TEST(a_checkpoint_of_version_1_with_its_tensor_names_resumes) {
    Case c;
    c.settings.ema_decay = 0.9;
    TrainingState whole = start(c), state = start(c);
    check(train_until(whole, c, 0));
    check(!train_until(state, c, 9));
    const TemporaryFolder folder;
    write_checkpoint(folder / "checkpoint", state, {});
    TensorFile file = read_safetensors(folder / "checkpoint");
    std::erase_if(file.tensors, [](auto& tensor) { return tensor.name == "history.validations"; });
    std::map<std::string, std::vector<std::uint8_t>> by_name;
    std::size_t renamed = 0;
    for (Tensor& tensor : file.tensors) {
        std::string& name = tensor.name;
        if (name.starts_with("ema.")) name.replace(0, 4, "average.");
        const std::size_t layer = name.find(".layer");
        if (layer != std::string::npos) name.replace(layer, 6, ".dense"), ++renamed;
        by_name[name] = tensor.bytes;
    }
    check(renamed >= 16);  // four each of the network, the best one, the average and the optimizer
    Hash hash;
    for (const auto& [name, bytes] : by_name) hash.add(bytes);
    file.metadata["tensors_hash"] = hash.to_text();
    state = start(c);
    read_checkpoint(file, state);
    check(state.ema.has_value());
    check(state.history.validations.empty());
    check(train_until(state, c, 0));
    whole.history.validations.erase(whole.history.validations.begin());
    check_equal(outcome(state), outcome(whole));
}

TEST(augmentation_resumes_to_the_last_bit) {
    Case c;
    c.settings.augment.kind = Augmentation::elastic;
    check_resumes(c);
}

TEST(a_number_of_steps_and_large_batches_resume_to_the_last_bit) {
    Case c;
    c.settings.steps = 21;  // three and a half epochs
    check_resumes(c);
    c.settings.steps = 0;
    c.settings.epochs = 12;
    c.settings.batch_size = std::numeric_limits<std::size_t>::max();
    check_resumes(c);
}

TEST(early_stopping_resumes_to_the_last_bit) {
    // The learning rate rises to far too high a value, so the best epoch is not the last one and
    // patience stops the training.
    Case c;
    c.settings.epochs = 40;
    c.settings.patience = 3;
    c.settings.schedule = {ScheduleKind::constant, 0.5, 12 * 6};
    check_resumes(c);
    TrainingState state = start(c);
    check(train_until(state, c, 0));
    check(state.history.epochs.size() < 40 && state.history.best_epoch > 1);
    // Resumed from the checkpoint of its last epoch, it must not train another one.
    TrainingState last = start(c);
    TrainingState saved = start(c);
    Observer observer;
    observer.on_epoch = [&](const EpochRecord&) { saved = last; };
    check(train(last, training(), &validation(), c.settings, observer));
    check(train_until(saved, c, 0));
    check_equal(outcome(saved), outcome(state));
}

TEST(a_finished_training_does_not_continue) {
    const Case c;
    TrainingState state = start(c);
    check(train_until(state, c, 0));
    const std::string expected = outcome(state);
    check(train_until(state, c, 0));
    check_equal(outcome(state), expected);
}

// A checkpoint after some steps, modified by `change`, must be refused and leave the state
// unchanged.
template <class Change>
void check_refused(Change change, const std::string& why) {
    const TemporaryFolder folder;
    const Case c;
    TrainingState state = start(c);
    train_until(state, c, 8);
    write_checkpoint(folder / "checkpoint", state, {});
    TensorFile file = read_safetensors(folder / "checkpoint");
    change(file);
    TrainingState target = start(c);
    const std::string before = weights_hash(target.network);
    check_throws([&] { read_checkpoint(file, target); }, why);
    check_equal(weights_hash(target.network), before);
    check(target.history.steps.empty());
}

TEST(a_checkpoint_that_does_not_fit_is_refused) {
    check_refused([](TensorFile& f) { f.tensors[2].bytes[0] ^= 1; },
                  "damaged: its tensors do not match tensors_hash");
    check_refused([](TensorFile& f) { f.metadata.clear(); }, "its metadata has no tensors_hash");
    const auto without = [](const std::string& name) {
        return [=](TensorFile& file) {
            std::erase_if(file.tensors, [&](const Tensor& tensor) { return tensor.name == name; });
        };
    };
    check_refused(without("random"), "its tensors do not match tensors_hash");

    const TemporaryFolder folder;
    const Case c;
    TrainingState state = start(c);
    train_until(state, c, 8);
    write_checkpoint(folder / "checkpoint", state, {});
    const TensorFile file = read_safetensors(folder / "checkpoint");
    // There was one epoch, so the best one cannot be the second, nor none.
    for (const std::size_t best : {0u, 2u}) {
        TrainingState altered = state;
        altered.best.epoch = best;
        write_checkpoint(folder / "altered", altered, {});
        TrainingState target = start(c);
        check_throws([&] { read_checkpoint(read_safetensors(folder / "altered"), target); },
                     str_cat("the best of 1 epochs is ", best));
    }
    Case other;
    other.settings.batch_size = 8;
    TrainingState half = start(other);
    read_checkpoint(file, half);  // 16 images into an epoch are two batches of 8
    other.settings.batch_size = 7;
    TrainingState seven = start(other);
    check_throws([&] { read_checkpoint(file, seven); }, "its counts are inconsistent");
    TrainingState wide = start_training(testing::small_network(), 91, c.settings, Random(9));
    check_throws([&] { read_checkpoint(file, wide); }, "order is 90, expected 1x91");
    Random random(1);
    TrainingState deep = start_training(build_network(16, 4, {.hidden = {12, 5}}, random),
                                        training().size(), c.settings, Random(9));
    check_throws([&] { read_checkpoint(file, deep); }, "network.layer2.weight is 12x4, expected");
}

TEST(a_state_of_different_data_is_refused) {
    const Case c;
    TrainingState state = start(c);
    check_throws(
        [&] { train(state, bars(80, 1), nullptr, c.settings); },
        "the state belongs to a training with 90 images in batches of 16, not to one with 80");
}

TEST(a_checkpoint_is_read_as_a_model_its_best_network_so_far) {
    const TemporaryFolder folder;
    const std::map<std::string, std::string> notes{{"settings", R"({"activation": "relu"})"},
                                                   {"image_size", "4x4"},
                                                   {"image_layout", "whole"}};
    const auto model_after = [&](const Case& c, std::size_t pause, TrainingState& state) {
        check(!train_until(state, c, pause));
        write_checkpoint(folder / "checkpoint", state, notes);
        return read_model(folder / "checkpoint");
    };
    // should_stop() is called seven times per epoch: before it, and between its six steps.
    TrainingState first = start({});
    const Model early = model_after({}, 4, first);
    check_equal(weights_hash(early.network), weights_hash(first.network));
    check_equal(describe(early.network), "16-12-4 relu");
    check_equal(early.rows, 4u);
    check(early.layout.kind == ImageLayout::Kind::whole && !early.is_input_scaling_assumed);
    check_equal(early.remarks.at(0),
                "the training is not finished; this is its best network so far, after step 3 "
                "(digits train --resume goes on with it)");

    TrainingState second = start({});
    const Model best = model_after({}, 16, second);
    check_equal(weights_hash(best.network), weights_hash(*second.best_network));
    check(weights_hash(best.network) != weights_hash(second.network));
    check_equal(best.remarks.at(0),
                str_cat("the training is not finished; this is its best network so far, of epoch ",
                        second.best.epoch, " (digits train --resume goes on with it)"));

    Case averaging;
    averaging.validates = false;
    averaging.settings.ema_decay = 0.9;
    TrainingState third = start(averaging);
    const Model ema = model_after(averaging, 4, third);
    check_equal(weights_hash(ema.network), weights_hash(*third.ema));

    averaging.validates = true;
    TrainingState fourth = start(averaging);
    const Model best_ema = model_after(averaging, 17, fourth);
    check_equal(weights_hash(best_ema.network), weights_hash(*fourth.best_network));
    check(weights_hash(best_ema.network) != weights_hash(*fourth.ema));
}

TEST(a_damaged_checkpoint_is_not_read_as_a_model) {
    const TemporaryFolder folder;
    TrainingState state = start({});
    train_until(state, {}, 4);
    write_checkpoint(folder / "checkpoint", state, {});
    check_throws([&] { read_model(folder / "checkpoint"); }, "its metadata has no settings");
    write_checkpoint(folder / "checkpoint", state, {{"settings", "{}"}});
    check_throws([&] { read_model(folder / "checkpoint"); }, "expected metadata activation");
    std::vector<std::uint8_t> bytes = testing::read_bytes(folder / "checkpoint");
    bytes.back() ^= 1;
    check_throws([&] { parse_model(bytes, "some/file"); }, "some/file: it is damaged");
}

}  // namespace
}  // namespace digits
