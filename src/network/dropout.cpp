#include "network/dropout.h"

#include "util/parallel.h"
#include "util/random.h"

namespace digits {
namespace {

constexpr std::size_t grain = 8192;  // minimum number of elements per thread

// to[i] = from[i] * scale, or 0 where element i is dropped.
void drop(const Matrix& from, Matrix& to, double rate, std::uint64_t key) {
    to.resize(from.rows(), from.columns());
    // A uniform 64-bit random number is below this threshold with probability `rate`.
    const std::uint64_t threshold = static_cast<std::uint64_t>(rate * 0x1.0p64);
    const float scale = static_cast<float>(1.0 / (1.0 - rate));
    const float* const x = from.data();
    float* const y = to.data();
    parallel_for(0, from.size(), grain, [=](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            const std::uint64_t bits = scramble(key + i * random_stride);
            y[i] = bits < threshold ? 0.0f : x[i] * scale;
        }
    });
}

}  // namespace

Dropout::Dropout(double rate) : rate_(rate) {
    require(rate >= 0.0 && rate < 1.0, "dropout: expected a rate in [0, 1), found ", rate);
}

std::string Dropout::name() const {
    return str_cat("dropout ", rate_);
}

void Dropout::forward(const Matrix& input, Matrix& output, const Pass& pass) const {
    if (pass.key) {
        drop(input, output, rate_, *pass.key);
    } else {
        output = input;
    }
}

void Dropout::backward(const Matrix&, const Matrix&, const Matrix& grad_output, Matrix* grad_input,
                       const Pass& pass) const {
    require(pass.key.has_value(),
            "dropout: backward() after inference; call forward() with a Random first");
    if (grad_input) drop(grad_output, *grad_input, rate_, *pass.key);
}

}  // namespace digits
