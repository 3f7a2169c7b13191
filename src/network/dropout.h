// Dropout: zeroes random activations during training, so that units cannot co-adapt.
#pragma once

#include "network/layer.h"

namespace digits {

// Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, "Dropout", 2014, in its inverted
// form: the remaining activations are scaled by 1 / (1 - rate), which preserves their expected sum,
// so that inference can pass everything through unchanged.
class Dropout {
public:
    // `rate` is the probability that an element is dropped, in [0, 1). Throws
    // std::invalid_argument otherwise.
    explicit Dropout(double rate);

    double rate() const { return rate_; }

    std::string name() const;
    Shape output_shape(const Shape& input) const { return input; }

    // The key of the pass alone determines which elements are dropped: forward and backward of a
    // step, given the same key, agree without storing a mask. Without a key, forward() drops
    // nothing and backward() throws std::invalid_argument.
    void forward(const Matrix& input, Matrix& output, const Pass& pass) const;
    void backward(const Matrix& input, const Matrix& output, const Matrix& grad_output,
                  Matrix* grad_input, const Pass& pass) const;

    std::vector<Parameter*> parameters() { return {}; }
    void append_branches(const Matrix&, const Matrix&, Branches&) const {}  // linear per pass

private:
    double rate_;
};

}  // namespace digits
