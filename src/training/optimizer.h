// Optimizers: SGD, momentum, Nesterov momentum, RMSprop, Adam and AdamW.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "network/layer.h"
#include "util/settings.h"

namespace digits {

enum class OptimizerKind { sgd, momentum, nesterov, rmsprop, adam, adamw };
inline constexpr std::array<std::string_view, 6> optimizer_names{"sgd",     "momentum", "nesterov",
                                                                 "rmsprop", "adam",     "adamw"};

struct OptimizerSettings {
    OptimizerKind kind = OptimizerKind::nesterov;
    // Pulls every parameter towards zero. `adamw` decays the weights directly (decoupled),
    // w -= rate * decay * w; the others use an L2 penalty: they add decay * w to the gradient.
    double weight_decay = 0.0;
    double momentum = 0.9;       // mu, for `momentum` and `nesterov`
    double square_decay = 0.99;  // a, for `rmsprop`: decay of the mean squared gradient
    double beta1 = 0.9;          // b1, for `adam` and `adamw`: decay of the mean gradient
    double beta2 = 0.999;        // b2, for `adam` and `adamw`: decay of the mean squared gradient
    double epsilon = 1e-8;       // for the last three: keeps steps finite where gradients vanish
};

std::vector<Setting> settings_of(OptimizerSettings& settings);

// What an optimizer carries from step to step. The lists have one matrix per parameter, zero before
// the first step, or an empty one where the update rule does not need it.
struct OptimizerState {
    std::size_t steps = 0;
    std::vector<Matrix> velocity{};  // v, or m of Adam
    std::vector<Matrix> square{};    // s
};

// The update rules, where g is the gradient of w, r the learning rate and t = 1, 2, ... the step:
//   sgd       w -= r g                                            (Robbins and Monro, 1951)
//   momentum  v = mu v + g;  w -= r v                             (Polyak, 1964)
//   nesterov  v = mu v + g;  w -= r (g + mu v)                    (Nesterov, 1983)
//   rmsprop   s = a s + (1 - a) g^2;  w -= r g / (sqrt(s) + eps)  (Tieleman and Hinton, 2012)
//   adam      m = b1 m + (1 - b1) g;  s = b2 s + (1 - b2) g^2     (Kingma and Ba, 2015)
//             w -= r (m / (1 - b1^t)) / (sqrt(s / (1 - b2^t)) + eps)
//   adamw     adam with decoupled weight decay                    (Loshchilov and Hutter, 2019)
// Details in which implementations differ (where r and eps are applied) follow PyTorch.
class Optimizer {
public:
    // Throws std::invalid_argument for settings out of bounds.
    explicit Optimizer(const OptimizerSettings& settings) : settings_(settings) {
        check_settings(settings, "optimizer");
    }

    // Updates every parameter once. The list must be the same, in the same order, in each call.
    void step(std::span<Parameter* const> parameters, double learning_rate);

    // For checkpoints: to resume where another optimizer with the same settings stopped.
    const OptimizerState& state() const { return state_; }
    void set_state(OptimizerState state) { state_ = std::move(state); }

private:
    OptimizerSettings settings_;
    OptimizerState state_;
};

// Whether the update rule needs a velocity, and a mean squared gradient.
bool keeps_velocity(OptimizerKind kind);
bool keeps_square(OptimizerKind kind);

}  // namespace digits
