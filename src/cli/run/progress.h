// Progress display of a training: a progress bar in a terminal, and a line for each epoch.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "training/trainer.h"

namespace digits {

class Progress {
public:
    // `has_bar`: whether a bar is redrawn, which takes a terminal.
    Progress(const TrainerSettings& settings, std::size_t examples, bool has_bar, bool color);

    // Ends a line that an exception left open, so that its message starts on a new line.
    ~Progress();

    // The observer to train with. It refers to this object, which must outlive the training.
    Observer observer();

private:
    void on_step(const StepRecord& record);
    void on_epoch(const EpochRecord& record);
    std::string bar(double share, std::size_t length) const;
    std::string line(const std::string& words, double done, const std::string& speed,
                     const std::string& time) const;
    void redraw(const std::string& line);
    std::string epoch_label(std::size_t epoch) const;

    using Clock = std::chrono::steady_clock;

    std::size_t batch_size_;
    std::size_t steps_per_epoch_;
    std::size_t all_steps_;
    std::size_t epochs_;
    bool has_bar_;
    bool color_;
    Clock::time_point start_ = Clock::now();
    Clock::time_point epoch_start_ = start_;
    Clock::time_point last_drawn_ = start_;
    bool line_is_open_ = false;
    // Steps that were taken before this run, if it resumed a training.
    std::optional<std::size_t> steps_before_;
    // Sums over the steps of the epoch so far.
    std::size_t steps_ = 0;
    double loss_ = 0.0;
    double accuracy_ = 0.0;
};

}  // namespace digits
