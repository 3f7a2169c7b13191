// The exhibits of the museum: each a network, its settings and its mistakes.
#pragma once

#include "mistakes.h"

namespace digits {

struct Exhibit {
    std::size_t room;
    const char* name;
    Mistakes wrong{};
    Design design{};
};

inline constexpr Activation relu = Activation::relu, sigmoid = Activation::sigmoid;

inline const char* const rooms[] = {"three mistakes under one roof",
                                    "images and labels shuffled apart",
                                    "the loss is summed",
                                    "softmax by its formula",
                                    "a transposed gradient",
                                    "pixels from 0 to 255",
                                    "all weights zero",
                                    "chosen by the test set",
                                    "yours"};

// The mistakes of the first room, and what is left of them as they are mended one by one.
inline constexpr Mistakes three{
    .no_softmax = true, .mask_of_relu = true, .decay_as_momentum = true};
inline constexpr Mistakes two{.mask_of_relu = true, .decay_as_momentum = true};
inline constexpr Mistakes one{.decay_as_momentum = true};

inline const Exhibit exhibits[] = {
    {1, "tanh 64: as it was", three},
    {1, "  softmax at the end", two},
    {1, "  the slope of tanh", one},
    {1, "  momentum 0.9", {}, {.momentum = 0.9f}},
    {1, "sigmoid 64: as it was", three, {.activation = sigmoid}},
    {1, "  softmax at the end", two, {.activation = sigmoid}},
    {1, "  the slope of sigmoid", one, {.activation = sigmoid}},
    {1, "  momentum 0.9", {}, {.activation = sigmoid, .momentum = 0.9f}},
    {1, "relu 256-64: as it was", three, {.activation = relu, .hidden = {256, 64}}},
    {1, "  softmax at the end", one, {.activation = relu, .hidden = {256, 64}}},
    {1, "  momentum 0.9", {}, {.activation = relu, .hidden = {256, 64}, .momentum = 0.9f}},
    {2, "together"},
    {2, "apart", {.apart = true}},
    {2, "apart in the test", {.apart_in_test = true}},
    {3, "mean, rate 0.1"},
    {3, "sum, rate 0.1", {.summed = true}},
    {3, "sum, rate 0.1 / 128", {.summed = true}, {.learning_rate = 0.1f / 128}},
    {4, "formula, start 0.1", {.plain_softmax = true}, {.activation = relu}},
    {4, "formula, start 1", {.plain_softmax = true}, {.activation = relu, .deviation = 1.0f}},
    {4, "largest out, start 1", {}, {.activation = relu, .deviation = 1.0f}},
    {5, "transposed", {.transposed_gradient = true}},
    {5, "transposed, 64, 64", {.transposed_gradient = true}, {.hidden = {64, 64}}},
    {5, "right, 64, 64", {}, {.hidden = {64, 64}}},
    {6, "relu, from 0 to 1", {}, {.activation = relu}},
    {6, "relu, raw", {.raw = true, .raw_in_test = true}, {.activation = relu}},
    {6, "tanh, raw", {.raw = true, .raw_in_test = true}},
    {6, "tanh, raw in training", {.raw = true}},
    {6, "tanh, raw in test", {.raw_in_test = true}},
    {7, "zeros", {.zeros = true}},
};

}  // namespace digits
