// How gradients become steps: the rules that change the weights.
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
    // Pulls every parameter towards zero. `adamw` does so directly, w -= rate * decay * w; the
    // others as an L2 penalty, by adding decay * w to the gradient.
    double weight_decay = 0.0;
    double momentum = 0.9;       // of `momentum` and `nesterov`: how much of the last step goes on
    double square_decay = 0.99;  // of `rmsprop`: memory of the mean square gradient
    double beta1 = 0.9;          // of `adam` and `adamw`: memory of the mean gradient
    double beta2 = 0.999;        // of `adam` and `adamw`: memory of the mean square gradient
    double epsilon = 1e-8;       // of the last three: keeps a step finite where gradients vanish
};

std::vector<Setting> settings_of(OptimizerSettings& settings);

// What an optimizer remembers of the steps before. The lists are parallel to that of the
// parameters, and zero before the first step; a rule that does not need one leaves it empty.
struct OptimizerState {
    std::size_t steps = 0;
    std::vector<Matrix> velocity{};  // v or m
    std::vector<Matrix> square{};    // s
};

// With g the gradient of w, r the learning rate and t = 1, 2, ... the step:
//   sgd       w -= r g                                            (Robbins and Monro, 1951)
//   momentum  v = mu v + g;  w -= r v                             (Polyak, 1964)
//   nesterov  v = mu v + g;  w -= r (g + mu v)                    (Nesterov, 1983)
//   rmsprop   s = a s + (1 - a) g^2;  w -= r g / (sqrt(s) + eps)  (Tieleman and Hinton, 2012)
//   adam      m = b1 m + (1 - b1) g;  s = b2 s + (1 - b2) g^2     (Kingma and Ba, 2015)
//             w -= r (m / (1 - b1^t)) / (sqrt(s / (1 - b2^t)) + eps)
//   adamw     adam with its own decay, see above                  (Loshchilov and Hutter, 2019)
// Details in which implementations differ (where r stands, where eps is added) are PyTorch's.
class Optimizer {
public:
    // Throws std::invalid_argument for settings out of bounds.
    explicit Optimizer(const OptimizerSettings& settings) : settings_(settings) {
        check_settings(settings, "optimizer");
    }

    // One step of every parameter. The list must be the same, in the same order, in each call.
    void step(std::span<Parameter* const> parameters, double learning_rate);

    // To go on where another optimizer with the same settings stopped.
    const OptimizerState& state() const { return state_; }
    void set_state(OptimizerState state) { state_ = std::move(state); }

private:
    OptimizerSettings settings_;
    OptimizerState state_;
};

// Whether the rule remembers a velocity, and a mean square.
bool keeps_velocity(OptimizerKind kind);
bool keeps_square(OptimizerKind kind);

}  // namespace digits
