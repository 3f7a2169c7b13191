// Chapter 4: softmax regression, trained by gradient descent, on all images or on batches.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include "../book.h"
#include "../shared.h"
#include "by_hand.h"
#include "data/dataset.h"
#include "figures.h"
#include "linalg/matrix.h"
#include "softmax_regression.h"
#include "util/random.h"

namespace digits {
namespace {

// How far the gradients of 100 batches are from the exact one: the root mean square of the
// difference, in lengths of the exact gradient, and the percentage that points downhill all the
// same.
struct Noise {
    double error = 0.0, downhill = 0.0;
};

Noise noise_of(SoftmaxRegression model, const Matrix& exact, const Dataset& train,
               std::size_t batch_size) {
    Random random(1);
    BatchSampler order(train.size(), batch_size);
    order.shuffle(random);
    const std::size_t batches = std::min<std::size_t>(100, order.batches());
    Batch batch;
    double difference = 0.0, length = 0.0, downhill = 0.0;
    for (std::size_t b = 0; b < batches; ++b) {
        gather(train, order.batch(b), batch);
        find_gradients(model, batch);
        double along = 0.0;
        for (std::size_t i = 0; i < exact.size(); ++i) {
            const double e = as_double(exact.values()[i]);
            const double g = as_double(model.grad_weight.values()[i]);
            difference += (g - e) * (g - e);
            length += e * e;
            along += g * e;
        }
        downhill += along > 0.0;
    }
    return {std::sqrt(difference / length), 100.0 * downhill / static_cast<double>(batches)};
}

void print_noise(const char* when, SoftmaxRegression model, const Batch& everything,
                 const Dataset& train) {
    find_gradients(model, everything);
    const Matrix exact = model.grad_weight;
    std::printf("%s", when);
    for (const std::size_t batch_size : {32u, 128u, 512u}) {
        const Noise noise = noise_of(model, exact, train, batch_size);
        std::printf("%8.2f (%3.0f %%)", noise.error, noise.downhill);
    }
    std::printf("\n");
}

void chapter(Chapter& book) {
    by_hand(book);

    const std::size_t epochs = book.number("--epochs", 5), batch_size = 128;
    const float learning_rate = book.real("--learning-rate", 0.2f);
    Random random(book.number("--seed", 1));
    const Dataset &train = book.data().train, &test = book.data().test;
    std::printf("\nloss               all at once    batches of %zu\n", batch_size);
    const Batch everything = whole(train);
    const SoftmaxRegression start(train.inputs(), train.classes);
    SoftmaxRegression slow = start, quick = start;
    BatchSampler order(train.size(), batch_size);
    Batch batch;
    std::vector<double> losses, slow_losses;
    double after_as_many_steps = 0.0;
    for (std::size_t epoch = 1; epoch <= epochs; ++epoch) {
        slow_losses.push_back(find_gradients(slow, everything));
        descend(slow, learning_rate);
        order.shuffle(random);
        double sum = 0.0;
        for (std::size_t b = 0; b < order.batches(); ++b) {
            gather(train, order.batch(b), batch);
            losses.push_back(find_gradients(quick, batch));
            descend(quick, learning_rate);
            sum += losses.back();
            if (losses.size() == epochs) {
                SoftmaxRegression copy = quick;
                after_as_many_steps = find_gradients(copy, everything);
            }
        }
        std::printf("epoch %zu %20.4f %18.4f\n", epoch, slow_losses.back(),
                    sum / static_cast<double>(order.batches()));
    }
    const Batch asked = whole(test);
    for (SoftmaxRegression* model : {&slow, &quick}) {
        forward(*model, asked.input);
        std::printf(model == &slow ? "test accuracy %12.2f %%" : "%16.2f %%",
                    accuracy(model->logits, asked.labels));
    }
    std::printf("\nsteps taken %14zu %18zu\n", epochs, losses.size());
    book.claim(losses.size() == epochs * order.batches(), "each batch is a step");
    std::printf("after %zu steps %13.4f %18.4f\n", epochs, find_gradients(slow, everything),
                after_as_many_steps);

    std::printf("\nerror (downhill) of batches of     32             128             512\n");
    print_noise("at the first weights", start, everything, train);
    print_noise("at the last weights ", quick, everything, train);

    book.figure("loss.svg", [&] { return draw_losses(losses, slow_losses); });
    book.figure("weights.svg",
                [&] { return draw_weights(quick.weight, train.rows, train.columns); });
}

}  // namespace
}  // namespace digits

int main(int argument_count, char** arguments) {
    return digits::run_chapter(argument_count, arguments, digits::chapter,
                               {"--learning-rate", "--epochs", "--seed"});
}
