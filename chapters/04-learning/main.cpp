// Chapter 4: softmax regression, trained by gradient descent, on all images or on batches.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include "../book.h"
#include "../shared.h"
#include "data/dataset.h"
#include "linalg/gemm.h"
#include "linalg/matrix.h"
#include "network/loss.h"
#include "plot/plot.h"
#include "util/random.h"

namespace digits {
namespace {

struct SoftmaxRegression {
    SoftmaxRegression(std::size_t inputs, std::size_t classes)
        : weight(inputs, classes), bias(1, classes), grad_bias(1, classes) {}

    Matrix weight, bias;            // W (I, C) and b (1, C): all that is learned
    Matrix grad_weight, grad_bias;  // dW and db
    Matrix scores, grad_scores;     // Z and dZ (B, C), of the last batch
};

// Z = X W + b
void forward(SoftmaxRegression& model, const Matrix& input) {
    gemm(input, model.weight, model.scores);
    for (std::size_t i = 0; i < model.scores.rows(); ++i) {
        for (std::size_t c = 0; c < model.bias.columns(); ++c)
            model.scores(i, c) += model.bias(0, c);
    }
}

// Leaves dW and db in the model and returns the loss.
double find_gradients(SoftmaxRegression& model, const Batch& batch) {
    forward(model, batch.input);
    const double loss = softmax_cross_entropy(model.scores, batch.labels, model.grad_scores);
    gemm(transposed(batch.input), model.grad_scores, model.grad_weight);
    model.grad_bias.fill(0.0f);
    for (std::size_t i = 0; i < model.grad_scores.rows(); ++i) {
        for (std::size_t c = 0; c < model.bias.columns(); ++c) {
            model.grad_bias(0, c) += model.grad_scores(i, c);
        }
    }
    return loss;
}

// One step downhill.
void descend(SoftmaxRegression& model, float learning_rate) {
    const auto subtract = [=](Matrix& value, const Matrix& gradient) {
        for (std::size_t i = 0; i < value.size(); ++i) {
            value.values()[i] -= learning_rate * gradient.values()[i];
        }
    };
    subtract(model.weight, model.grad_weight);
    subtract(model.bias, model.grad_bias);
}

void by_hand(Chapter& book) {
    SoftmaxRegression model(2, 3);
    model.bias = Matrix{{0.0f, std::log(2.0f), std::log(5.0f)}};
    const Batch batch{Matrix{{1, 2}}, {1}};
    const double loss = find_gradients(model, batch);
    std::printf("loss %.4f, dW", loss);
    for (const float g : model.grad_weight.values()) std::printf(" %.3f", as_double(g));
    const float derivative = model.grad_weight(1, 1), h = 0.01f;
    book.claim(std::abs(derivative + 1.5f) < 1e-6f, "dW(1, 1) is -1.5");

    SoftmaxRegression above = model, below = model;
    above.weight(1, 1) += h;
    below.weight(1, 1) -= h;
    const double slope =
        (find_gradients(above, batch) - find_gradients(below, batch)) / (2 * as_double(h));
    std::printf("\nthe slope at W(1, 1), from the loss at +-0.01: %.3f\n", slope);
    book.claim(std::abs(slope - as_double(derivative)) < 1e-3, "the slope is the derivative");

    descend(model, 0.1f);
    std::printf("loss after one step of 0.1: %.4f\n", find_gradients(model, batch));
}

std::string draw_losses(const std::vector<double>& losses, const std::vector<double>& slow) {
    LinePlot plot{"Softmax regression, batches of 128",
                  Axis{"images seen, in batches of 128"},
                  Axis{"loss", 0.0},
                  {{"each batch", {}, 0, "thin pale"}, {"mean of 50 batches", {}, 0}}};
    double sum = 0.0;
    for (std::size_t i = 0; i < losses.size(); ++i) {
        const double step = static_cast<double>(i + 1);
        if (i % 3 == 0) plot.series[0].points.push_back({step, losses[i]});
        sum += losses[i];
        if (i % 50 != 49) continue;
        plot.series[1].points.push_back({step - 25, sum / 50});
        sum = 0.0;
    }
    for (std::size_t i = 0; i < slow.size(); ++i) {
        const double place =
            static_cast<double>(losses.size() * i) / static_cast<double>(slow.size());
        plot.marks.push_back({{place, slow[i]}, i == 2 ? "all at once, a step an epoch" : ""});
    }
    return svg_of(plot, 720, 340);
}

std::string draw_weights(const Matrix& weight, std::size_t rows, std::size_t columns) {
    Svg svg(720, 336, "The weights of each class as images: blue speaks for it, orange against");
    for (std::size_t c = 0; c < weight.columns(); ++c) {
        Matrix image(rows, columns);
        for (std::size_t i = 0; i < weight.rows(); ++i) image.values()[i] = weight(i, c);
        const double left = 24.0 + 138.0 * static_cast<double>(c % 5);
        const double top = c < 5 ? 14.0 : 172.0;
        svg.pixels({left, top, 120, 120}, signed_pixels(image, 0.6));
        svg.words({left + 60, top + 138}, std::to_string(c), "label", Anchor::middle);
    }
    return svg.str();
}

void chapter(Chapter& book) {
    by_hand(book);

    const Dataset &train = book.data().train, &test = book.data().test;
    constexpr std::size_t epochs = 5, batch_size = 128;
    constexpr float learning_rate = 0.2f;
    std::printf("\nloss               all at once    batches of %zu\n", batch_size);
    const Batch everything = whole(train);
    SoftmaxRegression slow(train.inputs(), train.classes), quick = slow;
    Random random(1);
    BatchSampler order(train.size(), batch_size);
    Batch batch;
    std::vector<double> losses, slow_losses;
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
        }
        std::printf("epoch %zu %20.4f %18.4f\n", epoch, slow_losses.back(),
                    sum / static_cast<double>(order.batches()));
    }
    const Batch asked = whole(test);
    for (SoftmaxRegression* model : {&slow, &quick}) {
        forward(*model, asked.input);
        std::printf(model == &slow ? "test accuracy %12.2f %%" : "%16.2f %%",
                    accuracy(model->scores, asked.labels));
    }
    std::printf("\nsteps taken %14zu %18zu\n", epochs, losses.size());
    book.claim(losses.size() == epochs * order.batches(), "each batch is a step");
    book.figure("loss.svg", [&] { return draw_losses(losses, slow_losses); });
    book.figure("weights.svg",
                [&] { return draw_weights(quick.weight, train.rows, train.columns); });
}

}  // namespace
}  // namespace digits

int main(int argument_count, char** arguments) {
    return digits::run_chapter(argument_count, arguments, digits::chapter);
}
