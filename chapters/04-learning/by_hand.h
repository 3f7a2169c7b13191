// The example that is worked by hand: two images of two pixels, three classes, weights of zero.
#pragma once

#include <cmath>
#include <cstdio>
#include <span>

#include "../book.h"
#include "../shared.h"
#include "data/dataset.h"
#include "figures.h"
#include "linalg/matrix.h"
#include "softmax_regression.h"
#include "util/require.h"

namespace digits {

struct Example {
    Batch batch{Matrix{{1, 2}, {3, 0}}, {1, 2}};
    SoftmaxRegression model{2, 3};

    Example() { model.bias = Matrix{{0.0f, std::log(2.0f), std::log(5.0f)}}; }

    // The loss if pixel 0 has these weights for the classes 1 and 2.
    double loss(double weight_1, double weight_2) {
        model.weight(0, 1) = static_cast<float>(weight_1);
        model.weight(0, 2) = static_cast<float>(weight_2);
        return find_gradients(model, batch);
    }

    // Descends in W(0, 2), or in W(0, 1) and W(0, 2); all other weights stay as they are.
    Walk walk(std::size_t weights, double rate, std::size_t steps) {
        Walk walk{str_cat("rate ", rate), {{0, 0}}, {loss(0, 0)}};
        while (walk.losses.size() <= steps) {
            Point place = walk.places.back();
            if (weights == 2) place.x -= rate * as_double(model.grad_weight(0, 1));
            place.y -= rate * as_double(model.grad_weight(0, 2));
            walk.places.push_back(place);
            walk.losses.push_back(loss(place.x, place.y));
        }
        return walk;
    }
};

inline void print_walk(std::size_t weights, double rate) {
    const Walk walk = Example().walk(weights, rate, 3);
    std::printf("%-8s %4g  ", weights == 1 ? "one" : "two", rate);
    for (const Point& place : walk.places) std::printf("%8.3f", place.y);
    std::printf("    ");
    for (const double loss : walk.losses) std::printf("%7.3f", loss);
    std::printf("\n");
}

inline void print_row(const char* name, std::span<const float> row) {
    std::printf("%s", name);
    // Adding 0 takes the sign from a rounded -0.
    for (const float g : row) std::printf("%8.4f", std::round(1e4 * as_double(g)) / 1e4 + 0.0);
    std::printf("\n");
}

inline void by_hand(Chapter& book) {
    Example example;
    const double loss = find_gradients(example.model, example.batch);
    std::printf("loss %.4f\n", loss);
    const SoftmaxRegression& model = example.model;
    print_row("dZ", model.grad_logits.row(0));
    print_row("  ", model.grad_logits.row(1));
    print_row("dW", model.grad_weight.row(0));
    print_row("  ", model.grad_weight.row(1));
    print_row("db", model.grad_bias.row(0));
    const double derivative = as_double(model.grad_weight(1, 1));
    book.claim(std::abs(derivative + 0.75) < 1e-6, "dW(1, 1) is -0.75");

    Example above, below;
    above.model.weight(1, 1) += 0.01f;
    below.model.weight(1, 1) -= 0.01f;
    const double slope =
        (find_gradients(above.model, above.batch) - find_gradients(below.model, below.batch)) /
        (2 * 0.01);
    std::printf("the slope at W(1, 1), measured from the loss at w + 0.01 and w - 0.01: %.4f\n",
                slope);
    book.claim(std::abs(slope - derivative) < 1e-3, "the slope is the derivative");

    double squares = 0.0;
    for (const Matrix* gradient : {&model.grad_weight, &model.grad_bias}) {
        for (const float g : gradient->values()) squares += as_double(g) * as_double(g);
    }
    book.claim(std::abs(squares - 1.1875) < 1e-6, "the sum of the squares is 19/16");
    std::printf("\nrate   rate x sum of squares   the loss falls by   to\n");
    for (const double rate : {0.01, 0.1, 1.0}) {
        Example moved = example;
        descend(moved.model, static_cast<float>(rate));
        const double after = find_gradients(moved.model, moved.batch);
        std::printf("%-6g %21.6f %19.6f   %.4f\n", rate, rate * squares, loss - after, after);
    }
    std::printf(
        "\nweights  rate      W(0, 2) after 0 to 3 steps         loss after 0 to 3 steps\n");
    print_walk(1, 0.5);
    print_walk(1, 2.0);
    print_walk(1, 3.0);
    print_walk(2, 0.5);
    print_walk(2, 2.0);
    book.figure("valley.svg", [&] {
        return draw_valley([&](double u, double v) { return example.loss(u, v); },
                           {Example().walk(1, 0.5, 6), Example().walk(1, 3.0, 3)},
                           {Example().walk(2, 0.5, 40), Example().walk(2, 2.0, 8)});
    });
}

}  // namespace digits
