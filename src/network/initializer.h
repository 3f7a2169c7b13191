// Where learning starts: the random values of a weight matrix before the first step.
#pragma once

#include <array>
#include <string_view>

#include "linalg/matrix.h"
#include "util/random.h"

namespace digits {

enum class InitializerKind { he, xavier, normal, zeros };
inline constexpr std::array<std::string_view, 4> initializer_names{"he", "xavier", "normal",
                                                                   "zeros"};

struct Initializer {
    InitializerKind kind = InitializerKind::he;
    double deviation = 0.01;  // of `normal` alone; the others compute theirs
};

// Fills a weight (I, O). With x of variance 1 and I independent terms, the variance of xW is I
// times that of W; each rule picks the deviation that keeps signals from growing or dying out layer
// by layer.
//   he      normal, variance 2 / I: the 2 makes up for the half that ReLU cuts off
//           (He, Zhang, Ren and Sun, "Delving Deep into Rectifiers", 2015)
//   xavier  uniform in +-sqrt(6 / (I + O)), variance 2 / (I + O): a compromise between the way
//           forward, 1 / I, and the way back, 1 / O (Glorot and Bengio, 2010)
//   normal  the given deviation, whatever the shape
//   zeros   every unit of a layer computes the same and stays the same: a lesson, not a method
void initialize(Matrix& weight, const Initializer& initializer, Random& random);

}  // namespace digits
