// A layer that forgets: in training it silences units at random, so that none can rely on another.
#pragma once

#include <cstdint>

#include "linalg/matrix.h"

namespace digits {

// Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, "Dropout", 2014, in its inverted
// form: what survives is scaled by 1 / (1 - rate), so the expected sum stays and inference needs no
// layer.
class Dropout {
public:
    // The probability of being dropped, in [0, 1).
    explicit Dropout(double rate);

    double rate() const { return rate_; }

    // Which elements are dropped follows from `key` alone: forward and backward of a step, given
    // the same key, agree without a mask being kept. All matrices have one shape.
    void forward(const Matrix& input, Matrix& output, std::uint64_t key) const;
    void backward(const Matrix& grad_output, Matrix* grad_input, std::uint64_t key) const;

private:
    double rate_;
};

}  // namespace digits
