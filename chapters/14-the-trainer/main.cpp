// Chapter 14: a training that is interrupted and resumed from a checkpoint, the test, and the
// classification of a digit on a sheet of paper.
#include <cstdio>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "../14-the-trainer/tools.h"
#include "../book.h"
#include "../shared.h"
#include "data/dataset.h"
#include "data/normalize_digit.h"
#include "formats/safetensors.h"
#include "network/loss.h"
#include "network/network.h"
#include "plot/terminal_image.h"
#include "training/checkpoint.h"
#include "training/evaluation.h"
#include "training/metrics.h"
#include "training/metrics_text.h"
#include "training/model_file.h"
#include "training/trainer.h"
#include "util/parallel.h"
#include "util/random.h"
#include "util/text.h"

namespace digits {
namespace {

const std::vector<std::string> class_names{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};

struct Task {
    Dataset training, validation, test;
    TrainerSettings settings{.epochs = 3};

    // The state before the first step, of the default network, 784-256-128-10.
    TrainingState start() const {
        Random weights(1);
        Network network = build_network(training.inputs(), training.classes, {}, weights);
        return start_training(std::move(network), training.size(), settings, Random(2));
    }

    bool train(TrainingState& state, const Observer& observer) const {
        return digits::train(state, training, &validation, settings, observer);
    }
};

void print(const EpochRecord& epoch) {
    std::printf("epoch %zu  rate %.4f  loss %.4f  training %s  validation %s\n", epoch.epoch,
                epoch.learning_rate, epoch.train_loss, percent(epoch.train_accuracy).c_str(),
                percent(*epoch.validation_accuracy).c_str());
}

// What the network says about a single image.
void follow(const Dataset& one, const Network& network, const char* when) {
    const Prediction prediction = evaluate(network, one).predictions[0];
    std::printf("the first image, a %d, %s training: predicted as %d, loss %.4f\n",
                int{one.labels[0]}, when, int{prediction.predicted}, as_double(prediction.loss));
}

// Trains up to a step in the middle of an epoch, and keeps nothing but the checkpoint.
void train_and_interrupt(const Task& task, std::size_t last_step,
                         const std::filesystem::path& path) {
    TrainingState state = task.start();
    Observer observer;
    observer.should_stop = [&] { return state.history.steps.size() == last_step; };
    task.train(state, observer);
    write_checkpoint(path, state, {});
    std::printf("\nstopped after step %zu, %s images into epoch %zu; in a file of %s bytes are\n",
                state.history.steps.size(), with_commas(state.epoch.images).c_str(),
                state.epoch.epoch, with_commas(std::filesystem::file_size(path)).c_str());
}

// Prints the contents of a checkpoint: how many numbers each group of tensors has.
void print_contents(const TensorFile& file) {
    std::map<std::string, std::size_t> numbers;
    for (const Tensor& tensor : file.tensors) {
        numbers[tensor.name.substr(0, tensor.name.rfind(".layer"))] += *product(tensor.shape);
    }
    for (const auto& [name, count] : numbers) {
        std::printf("  %-18s %s\n", name.c_str(), pad_left(with_commas(count), 9).c_str());
    }
}

// Predicts the digit on the sheet. Prints the sheet and the normalized digit, both as ink.
std::size_t read_sheet(const Model& model, const GrayImage& sheet) {
    const std::vector<std::uint8_t> seen =
        normalize_digit(sheet, model.rows, model.columns, "the sheet");
    Batch batch;
    gather({"", model.rows, model.columns, 10, seen, {0}}, std::vector<std::size_t>{0}, batch);
    Activations activations;
    Matrix probabilities;
    softmax(model.network.forward(batch.input, activations), probabilities);
    const std::size_t digit = predicted_class(probabilities.row(0));
    std::vector<std::uint8_t> ink;
    for (const int light : sheet.pixels) ink.push_back(static_cast<std::uint8_t>(255 - light));
    const CaptionedImage images[] = {{sheet.height, sheet.width, ink, "the sheet"},
                                     {model.rows, model.columns, seen,
                                      "predicted as " + model.class_names[digit] + ", " +
                                          percent(as_double(probabilities(0, digit)))}};
    std::printf("\n%s", draw_images(images, ImageStyle::blocks, 80).c_str());
    return digit;
}

void chapter(Chapter& book) {
    Random random(3);
    TrainTest parts = split(book.data().train, 0.9, random);
    const Task task{std::move(parts.train), std::move(parts.test), book.data().test};
    std::printf("%s training images, %zu steps\n", with_commas(task.training.size()).c_str(),
                total_steps(task.settings, task.training.size()));

    TrainingState straight = task.start();
    const Dataset one = first_images(book.data().train, 1);
    follow(one, straight.network, "before");
    Observer observer;
    observer.on_epoch = print;
    task.train(straight, observer);
    follow(one, straight.network, "after");
    const std::string hash = weights_hash(straight.network);
    std::printf("the weights of epoch %zu, hash %s\n", straight.history.best_epoch, hash.c_str());

    const TemporaryFolder folder;
    train_and_interrupt(task, 600, folder.path / "checkpoint.safetensors");
    const TensorFile file = read_safetensors(folder.path / "checkpoint.safetensors");
    print_contents(file);
    for (const std::size_t threads : {1u, 3u}) {
        set_thread_count(threads);
        TrainingState state = task.start();
        read_checkpoint(file, state);
        task.train(state, {});
        const bool is_same = weights_hash(state.network) == hash;
        std::printf("resumed with %zu thread%s: %s\n", threads, threads == 1 ? "" : "s",
                    is_same ? "the same hash" : "a different hash");
        book.claim(is_same, "a resumed training ends with the same bits");
    }
    set_thread_count(0);

    const Evaluation evaluation = evaluate(straight.network, task.test);
    std::printf("\ntest accuracy %s +- %.2f, log loss %.4f\n\n%s",
                percent(evaluation.accuracy()).c_str(),
                100.0 * accuracy_standard_error(evaluation.accuracy(), task.test.size()),
                evaluation.log_loss, classification_report(evaluation.confusion).c_str());

    const std::filesystem::path model_path = folder.path / "model.safetensors";
    write_model(model_path, {straight.network, task.test.rows, task.test.columns, class_names});
    const Model model = read_model(model_path);
    Activations ours, theirs;
    const Batch asked = whole(task.test);
    straight.network.forward(asked.input, ours);
    const bool is_same = ours.outputs.back() == model.network.forward(asked.input, theirs);
    std::printf("\nmodel.safetensors: %s bytes; read again, %s logits for all test images\n",
                with_commas(std::filesystem::file_size(model_path)).c_str(),
                is_same ? "the same" : "different");
    book.claim(is_same, "a network read from its file gives the same logits");

    const std::size_t digit = read_sheet(model, on_paper(task.test, 7));
    book.claim(digit == task.test.labels[7], "the digit on the sheet is read");
    book.figure("step.svg", draw_step);
    book.figure("house.svg", draw_house);
}

}  // namespace
}  // namespace digits

int main(int argument_count, char** arguments) {
    return digits::run_chapter(argument_count, arguments, digits::chapter);
}
