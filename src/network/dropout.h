// Dropout: zeroes random activations during training, so that units cannot co-adapt.
#pragma once

#include "network/layer.h"

namespace digits {

// Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, "Dropout", 2014, in its inverted
// form: what survives is scaled by 1 / (1 - rate), so the expected sum stays the same and inference
// passes everything through unchanged.
class Dropout {
public:
    // The probability of being dropped, in [0, 1).
    explicit Dropout(double rate);

    double rate() const { return rate_; }

    std::string name() const;
    Shape output_shape(const Shape& input) const { return input; }

    // Which elements are dropped follows from the key of the pass alone: forward and backward of a
    // step, given the same key, agree without storing a mask. Without a key nothing is dropped.
    // backward() needs one: throws std::invalid_argument.
    void forward(const Matrix& input, Matrix& output, const Pass& pass) const;
    void backward(const Matrix& input, const Matrix& output, const Matrix& grad_output,
                  Matrix* grad_input, const Pass& pass) const;

    std::vector<Parameter*> parameters() { return {}; }
    void append_branches(const Matrix&, const Matrix&, Branches&) const {}  // the key is fixed

private:
    double rate_;
};

}  // namespace digits
