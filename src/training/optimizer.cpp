#include "training/optimizer.h"

#include <cmath>
#include <limits>

#include "util/parallel.h"

namespace digits {
namespace {

// All update rules work element by element. Minimum number of elements per thread:
constexpr std::size_t grain = 16384;

// The arrays that an update rule reads and writes; element i of each belongs to the same weight.
struct Elements {
    float* w;        // value of the parameter
    const float* g;  // gradient
    float* v;        // velocity, or null
    float* s;        // mean squared gradient, or null
    std::size_t count;
};

template <class Rule>
void for_each_element(const Elements& e, Rule rule) {
    parallel_for(0, e.count, grain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) rule(i);
    });
}

// The two factors of an exponential moving average, ema = decay * ema + complement * value, with
// complement = 1 - decay. In float, 1 - 0.999 would lose its last four digits, so the difference is
// computed in double.
struct EmaFactors {
    explicit EmaFactors(double exact_decay)
        : decay(static_cast<float>(exact_decay)),
          complement(static_cast<float>(1.0 - exact_decay)) {}

    float decay;
    float complement;
};

// Flushes denormal numbers to zero. The moving average of a gradient that stays zero, that of a
// dead unit for example, decays until it is denormal, less than 1.2e-38, and then stays there: 0.9
// times the smallest float is rounded to the smallest float. Arithmetic with denormals is a hundred
// times slower on many processors, and nothing depends on such small values.
float normal_or_zero(float value) {
    return std::abs(value) < std::numeric_limits<float>::min() ? 0.0f : value;
}

void sgd(const Elements& e, float rate, float decay) {
    for_each_element(e, [=](std::size_t i) { e.w[i] -= rate * (e.g[i] + decay * e.w[i]); });
}

void momentum(const Elements& e, float rate, float decay, float mu) {
    for_each_element(e, [=](std::size_t i) {
        e.v[i] = normal_or_zero(mu * e.v[i] + (e.g[i] + decay * e.w[i]));
        e.w[i] -= rate * e.v[i];
    });
}

void nesterov(const Elements& e, float rate, float decay, float mu) {
    for_each_element(e, [=](std::size_t i) {
        const float g = e.g[i] + decay * e.w[i];
        e.v[i] = normal_or_zero(mu * e.v[i] + g);
        e.w[i] -= rate * (g + mu * e.v[i]);
    });
}

void rmsprop(const Elements& e, float rate, float decay, EmaFactors a, float epsilon) {
    for_each_element(e, [=](std::size_t i) {
        const float g = e.g[i] + decay * e.w[i];
        e.s[i] = normal_or_zero(a.decay * e.s[i] + a.complement * (g * g));
        e.w[i] -= rate * g / (std::sqrt(e.s[i]) + epsilon);
    });
}

// The moving averages start at zero and are too small at first. `correct1` and `correct2` are the
// bias corrections, 1 / (1 - b1^t) and 1 / (1 - b2^t).
void adam(const Elements& e, float rate, float l2, float shrink, EmaFactors b1, EmaFactors b2,
          float correct1, float correct2, float epsilon) {
    for_each_element(e, [=](std::size_t i) {
        const float g = e.g[i] + l2 * e.w[i];
        e.v[i] = normal_or_zero(b1.decay * e.v[i] + b1.complement * g);
        e.s[i] = normal_or_zero(b2.decay * e.s[i] + b2.complement * (g * g));
        const float direction = e.v[i] * correct1 / (std::sqrt(e.s[i] * correct2) + epsilon);
        e.w[i] = e.w[i] * shrink - rate * direction;
    });
}

Matrix zeros_like(const Matrix& matrix) {
    return Matrix(matrix.rows(), matrix.columns());
}

}  // namespace

std::vector<Setting> settings_of(OptimizerSettings& settings) {
    OptimizerSettings& s = settings;
    constexpr Bounds decay{0.0, 1.0, Interval::right_open};
    return {
        {"optimizer", "optimization algorithm: how gradients change the weights",
         choice_of(s.kind, optimizer_names)},
        {"momentum", "momentum coefficient of momentum and nesterov", &s.momentum, decay},
        {"weight_decay", "strength of the decay of all weights towards zero", &s.weight_decay},
        {"square_decay", "", &s.square_decay, decay},
        {"beta1", "", &s.beta1, decay},
        {"beta2", "", &s.beta2, decay},
        {"epsilon", "", &s.epsilon, {.interval = Interval::open}},
    };
}

bool keeps_velocity(OptimizerKind kind) {
    return kind != OptimizerKind::sgd && kind != OptimizerKind::rmsprop;
}

bool keeps_square(OptimizerKind kind) {
    return kind == OptimizerKind::rmsprop || kind == OptimizerKind::adam ||
           kind == OptimizerKind::adamw;
}

void Optimizer::step(std::span<Parameter* const> parameters, double learning_rate) {
    auto& [steps, velocity, square] = state_;
    if (steps == 0) {
        for (const Parameter* parameter : parameters) {
            velocity.push_back(keeps_velocity(settings_.kind) ? zeros_like(parameter->value)
                                                              : Matrix());
            square.push_back(keeps_square(settings_.kind) ? zeros_like(parameter->value)
                                                          : Matrix());
        }
    }
    require(parameters.size() == velocity.size() && parameters.size() == square.size(),
            "optimizer: ", parameters.size(), " parameters in this step but ", velocity.size(),
            " in the first");
    ++steps;

    const float rate = static_cast<float>(learning_rate);
    const float decay = static_cast<float>(settings_.weight_decay);
    const float mu = static_cast<float>(settings_.momentum);
    const float epsilon = static_cast<float>(settings_.epsilon);
    for (std::size_t p = 0; p < parameters.size(); ++p) {
        Parameter& parameter = *parameters[p];
        require(have_same_shape(parameter.value, parameter.gradient), "optimizer: ", parameter.name,
                " is ", shape(parameter.value), " but its gradient is ", shape(parameter.gradient));
        for (const auto& [buffer, is_needed] :
             {std::pair(&velocity[p], keeps_velocity(settings_.kind)),
              std::pair(&square[p], keeps_square(settings_.kind))}) {
            require(!is_needed || have_same_shape(parameter.value, *buffer),
                    "optimizer: ", parameter.name, " is ", shape(parameter.value),
                    " but parameter ", p, " of the first step was ", shape(*buffer));
        }
        const Elements e{parameter.value.data(), parameter.gradient.data(), velocity[p].data(),
                         square[p].data(), parameter.value.size()};
        switch (settings_.kind) {
            case OptimizerKind::sgd:
                sgd(e, rate, decay);
                break;
            case OptimizerKind::momentum:
                momentum(e, rate, decay, mu);
                break;
            case OptimizerKind::nesterov:
                nesterov(e, rate, decay, mu);
                break;
            case OptimizerKind::rmsprop:
                rmsprop(e, rate, decay, EmaFactors(settings_.square_decay), epsilon);
                break;
            case OptimizerKind::adam:
            case OptimizerKind::adamw: {
                const bool decoupled = settings_.kind == OptimizerKind::adamw;
                const double t = static_cast<double>(steps);
                adam(e, rate, decoupled ? 0.0f : decay, decoupled ? 1.0f - rate * decay : 1.0f,
                     EmaFactors(settings_.beta1), EmaFactors(settings_.beta2),
                     static_cast<float>(1.0 / (1.0 - std::pow(settings_.beta1, t))),
                     static_cast<float>(1.0 / (1.0 - std::pow(settings_.beta2, t))), epsilon);
                break;
            }
        }
    }
}

}  // namespace digits
