#include "training/optimizer.h"

#include <cmath>
#include <vector>

#include "check.h"
#include "training/lr_schedule.h"

namespace digits {
namespace {

using testing::check;
using testing::check_equal;
using testing::check_near;
using testing::check_throws;

// The parameter after two steps from w = 1, with the gradients 2 and then 4.
double two_steps(const OptimizerSettings& settings, double learning_rate) {
    Parameter w{"w", Matrix{{1}}, Matrix{{2}}};
    const std::vector<Parameter*> list{&w};
    Optimizer optimizer(settings);
    optimizer.step(list, learning_rate);
    w.gradient = Matrix{{4}};
    optimizer.step(list, learning_rate);
    return static_cast<double>(w.value(0, 0));
}

// Every expected value is of order 1 and computed with a handful of float operations.
constexpr double tolerance = 3e-7;

TEST(sgd_steps_by_hand) {
    // 1 - 0.1*2 - 0.1*4
    check_near(two_steps({OptimizerKind::sgd}, 0.1), 0.4, tolerance);
}

TEST(momentum_steps_by_hand) {
    // v: 2, then 0.9*2 + 4 = 5.8;  w: 1 - 0.1*2 = 0.8, then 0.8 - 0.1*5.8
    check_near(two_steps({OptimizerKind::momentum}, 0.1), 0.22, tolerance);
}

TEST(nesterov_steps_by_hand) {
    // w: 1 - 0.1*(2 + 0.9*2) = 0.62, then 0.62 - 0.1*(4 + 0.9*5.8)
    check_near(two_steps({OptimizerKind::nesterov}, 0.1), -0.302, tolerance);
}

TEST(rmsprop_steps_by_hand) {
    // s: 0.01*4 = 0.04, then 0.99*0.04 + 0.01*16 = 0.1996
    // w: 1 - 0.1*2/0.2 = 0, then -0.1*4/sqrt(0.1996)
    check_near(two_steps({OptimizerKind::rmsprop}, 0.1), -0.4 / std::sqrt(0.1996), tolerance);
}

TEST(adam_steps_by_hand) {
    // Step 1: m = 0.2, s = 0.004, corrected 2 and 4: the step is 0.1, however large the gradient.
    // Step 2: m = 0.9*0.2 + 0.1*4 = 0.58, s = 0.999*0.004 + 0.001*16 = 0.019996,
    //         corrected 0.58/0.19 and 0.019996/0.001999.
    const double second = 0.1 * (0.58 / 0.19) / std::sqrt(0.019996 / 0.001999);
    check_near(two_steps({OptimizerKind::adam}, 0.1), 0.9 - second, tolerance);
}

TEST(weight_decay_pulls_towards_zero) {
    // The gradients become 2 + 0.5*1 and 4 + 0.5*0.75: 1 - 0.25 = 0.75, then 0.75 - 0.4375
    OptimizerSettings settings{OptimizerKind::sgd};
    settings.weight_decay = 0.5;
    check_near(two_steps(settings, 0.1), 0.3125, tolerance);
}

TEST(adamw_decays_the_weight_and_not_the_gradient) {
    // As Adam, but w is first multiplied by 1 - 0.1*0.5 = 0.95 in each step.
    OptimizerSettings settings{OptimizerKind::adamw};
    settings.weight_decay = 0.5;
    const double second = 0.1 * (0.58 / 0.19) / std::sqrt(0.019996 / 0.001999);
    check_near(two_steps(settings, 0.1), (0.95 - 0.1) * 0.95 - second, tolerance);
}

TEST(a_zero_gradient_does_not_cause_an_infinite_step) {
    Parameter w{"w", Matrix{{1}}, Matrix{{0}}};
    const std::vector<Parameter*> list{&w};
    for (const OptimizerKind kind :
         {OptimizerKind::rmsprop, OptimizerKind::adam, OptimizerKind::adamw}) {
        Optimizer optimizer({kind});
        optimizer.step(list, 0.1);
        check_equal(w.value(0, 0), 1.0f);
    }
}

TEST(moving_averages_of_a_zero_gradient_decay_to_zero_and_not_to_denormals) {
    // Mean squares decay slowest, by a thousandth in each step: from 1e-33 they fall below 1e-38,
    // where floats are denormal, after some 11,500 steps.
    for (const OptimizerKind kind :
         {OptimizerKind::momentum, OptimizerKind::nesterov, OptimizerKind::rmsprop,
          OptimizerKind::adam, OptimizerKind::adamw}) {
        Parameter w{"w", Matrix{{1}}, Matrix{{1e-15f}}};
        const std::vector<Parameter*> list{&w};
        Optimizer optimizer({kind});
        optimizer.step(list, 0.1);
        const auto& [steps, velocity, square] = optimizer.state();
        if (keeps_velocity(kind)) check(velocity[0](0, 0) > 0.0f);
        if (keeps_square(kind)) check(square[0](0, 0) > 0.0f);
        w.gradient = Matrix{{0}};
        for (int i = 0; i < 15000; ++i) optimizer.step(list, 0.1);
        if (keeps_velocity(kind)) check_equal(velocity[0](0, 0), 0.0f);
        if (keeps_square(kind)) check_equal(square[0](0, 0), 0.0f);
    }
}

TEST(a_changed_parameter_list_is_refused) {
    Parameter w{"w", Matrix{{1}}, Matrix{{0}}};
    Optimizer optimizer(OptimizerSettings{});
    optimizer.step(std::vector<Parameter*>{&w}, 0.1);
    check_throws([&] { optimizer.step(std::vector<Parameter*>{&w, &w}, 0.1); }, "2 parameters");
    Parameter other{"other", Matrix(2, 2), Matrix(2, 2)};
    Optimizer momentum({OptimizerKind::momentum});
    momentum.step(std::vector<Parameter*>{&w, &other}, 0.1);
    check_throws(
        [&] {
            momentum.step(std::vector<Parameter*>{&other, &w}, 0.1);
        },
        "other is 2x2 but parameter 0 of the first step was 1x1");
    w.gradient = Matrix(2, 2);
    check_throws([&] { optimizer.step(std::vector<Parameter*>{&w}, 0.1); }, "its gradient is 2x2");
}

TEST(a_constant_schedule_keeps_its_learning_rate) {
    const Schedule schedule({ScheduleKind::constant, 0.5}, 100);
    for (const std::size_t step : {0u, 50u, 99u}) check_near(schedule(step), 0.5, 0);
}

TEST(a_step_schedule_drops_after_one_half_and_three_quarters) {
    const Schedule schedule({ScheduleKind::step, 1.0}, 100);
    check_near(schedule(49), 1.0, 0);
    check_near(schedule(50), 0.1, 1e-15);
    check_near(schedule(74), 0.1, 1e-15);
    check_near(schedule(75), 0.01, 1e-15);
}

TEST(a_cosine_schedule_decays_from_the_peak_to_zero) {
    const Schedule schedule({ScheduleKind::cosine, 2.0}, 100);
    check_near(schedule(0), 2.0, 0);
    check_near(schedule(25), 1.0 + std::sqrt(0.5), 1e-12);  // 2 (1 + cos 45 degrees) / 2
    check_near(schedule(50), 1.0, 1e-12);
    check_near(schedule(100), 0.0, 1e-12);
    check_near(schedule(1000), 0.0, 1e-12);  // and stays there
}

TEST(every_schedule_starts_with_a_linear_warm_up) {
    for (const ScheduleKind kind :
         {ScheduleKind::constant, ScheduleKind::step, ScheduleKind::cosine}) {
        const Schedule schedule({kind, 1.0, 4}, 104);
        check_near(schedule(0), 0.25, 0);
        check_near(schedule(3), 1.0, 0);
        check_near(schedule(4), 1.0, 0);
    }
    // The cosine spans the remaining steps: it is half-way down at step 4 + 50 of 104.
    check_near(Schedule({ScheduleKind::cosine, 1.0, 4}, 104)(54), 0.5, 1e-12);
    check_throws(
        [] {
            Schedule({ScheduleKind::cosine, 1.0, 5}, 5);
        },
        "warm-up of 5 steps is as long as the whole training, which has 5");
}

}  // namespace
}  // namespace digits
