// What a network learns: a matrix, and the derivative of the loss by each of its elements.
#pragma once

#include <string>

#include "linalg/matrix.h"

namespace digits {

// Optimizers, the gradient check and the hash walk a flat list of these and know nothing of layers.
struct Parameter {
    std::string name;  // "layer1.weight"
    Matrix value;
    Matrix gradient;  // of value's shape; written by backward(), read by the optimizer
};

}  // namespace digits
