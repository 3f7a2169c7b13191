// Weight initialization: He, Xavier (Glorot), normal or zeros.
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
    double deviation = 0.01;  // standard deviation, for `normal` only
};

// Fills a weight W (I, O). Each output is a sum of I independent terms, so if the inputs x have
// variance 1, the variance of xW is I times that of W. The rules choose a variance with which
// signals neither grow nor vanish from layer to layer.
//   he      normal, variance 2 / I: the 2 compensates for the half that ReLU cuts off
//           (He, Zhang, Ren and Sun, "Delving Deep into Rectifiers", 2015)
//   xavier  uniform in +-sqrt(6 / (I + O)), variance 2 / (I + O): a compromise between 1 / I, for
//           the forward pass, and 1 / O, for the backward pass (Glorot and Bengio, 2010)
//   normal  the given standard deviation, whatever the shape
//   zeros   the units of a layer compute the same, get the same gradient and never differ: for
//           demonstration only
void initialize(Matrix& weight, const Initializer& initializer, Random& random);

}  // namespace digits
