#include "training/lr_schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "util/require.h"

namespace digits {

std::vector<Setting> settings_of(ScheduleSettings& settings) {
    return {
        {"learning_rate",
         "peak learning rate: the factor from gradients to steps",
         &settings.learning_rate,
         {.interval = Interval::open},
         "0.1 for sgd, momentum and nesterov, 0.001 for the others"},
        {"schedule", "how the learning rate changes during training",
         choice_of(settings.kind, schedule_names)},
        {"warmup", "steps over which the learning rate first rises", &settings.warmup_steps},
    };
}

Schedule::Schedule(const ScheduleSettings& settings, std::size_t total_steps)
    : settings_(settings), total_steps_(total_steps) {
    check_settings(settings, "schedule");
    require(settings.warmup_steps == 0 || settings.warmup_steps < total_steps,
            "schedule: the warm-up of ", settings.warmup_steps,
            " steps is as long as the whole training, which has ", total_steps);
}

double Schedule::operator()(std::size_t step) const {
    const double highest = settings_.learning_rate;
    const std::size_t warmup = settings_.warmup_steps;
    // The first step already changes the weights: a warm-up of 4 has the rates 1/4, 2/4, 3/4, 4/4.
    if (step < warmup) return highest * static_cast<double>(step + 1) / static_cast<double>(warmup);
    if (settings_.kind == ScheduleKind::constant) return highest;

    // The completed fraction of the training after the warm-up, in [0, 1].
    const std::size_t remaining = total_steps_ > warmup ? total_steps_ - warmup : 1;
    const double done =
        std::min(1.0, static_cast<double>(step - warmup) / static_cast<double>(remaining));
    if (settings_.kind == ScheduleKind::step) {
        return done < 0.5 ? highest : done < 0.75 ? highest / 10 : highest / 100;
    }
    return highest * 0.5 * (1.0 + std::cos(std::numbers::pi * done));
}

}  // namespace digits
