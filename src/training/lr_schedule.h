// Learning-rate schedules: warm-up, then constant, step decay or cosine decay.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "util/settings.h"

namespace digits {

enum class ScheduleKind { constant, step, cosine };
inline constexpr std::array<std::string_view, 3> schedule_names{"constant", "step", "cosine"};

struct ScheduleSettings {
    ScheduleKind kind = ScheduleKind::cosine;
    double learning_rate = 0.1;    // the peak
    std::size_t warmup_steps = 0;  // over which the rate first rises linearly
};

std::vector<Setting> settings_of(ScheduleSettings& settings);

// The learning rate for each of `total_steps` steps, counted from 0. After the warm-up,
//   constant  keeps the peak
//   step      divides it by 10 after one half and again after three quarters of the other steps
//   cosine    decreases it to zero along half a cosine wave (Loshchilov and Hutter, "SGDR", 2017)
class Schedule {
public:
    // Throws std::invalid_argument for settings out of bounds, or if the warm-up is as long as the
    // whole training.
    Schedule(const ScheduleSettings& settings, std::size_t total_steps);

    double operator()(std::size_t step) const;

private:
    ScheduleSettings settings_;
    std::size_t total_steps_;
};

}  // namespace digits
