#include "program/progress.h"

#include <algorithm>
#include <cstdio>

#include "program/format.h"

namespace digits {
namespace {

constexpr std::size_t bar_width = 16;
constexpr double seconds_between_drawings = 0.05;

double seconds_between(std::chrono::steady_clock::time_point from,
                       std::chrono::steady_clock::time_point to) {
    return std::chrono::duration<double>(to - from).count();
}

std::string scores(double loss, double accuracy) {
    return "loss " + fixed(loss, 4) + "  accuracy " + padded(percent(accuracy), 8);
}

std::string rate(std::size_t images, double seconds) {
    const double per_second = seconds > 0.0 ? static_cast<double>(images) / seconds : 0.0;
    return padded(grouped(static_cast<std::size_t>(per_second)), 9) + " images/s";
}

// Draws over the line that the cursor is in, and clears what is left of the longer one before it.
void redraw_line(const std::string& words) {
    std::printf("\r%s\x1b[K", words.c_str());
    std::fflush(stdout);
}

}  // namespace

Progress::Progress(const TrainerSettings& settings, std::size_t examples, bool redraw, bool color)
    : batch_size_(settings.batch_size),
      steps_per_epoch_((examples + settings.batch_size - 1) / settings.batch_size),
      all_steps_(total_steps(settings, examples)),
      epochs_((all_steps_ + steps_per_epoch_ - 1) / steps_per_epoch_),
      redraw_(redraw),
      color_(color) {}

Observer Progress::observer() {
    Observer observer;
    if (redraw_) observer.on_step = [this](const StepRecord& record) { on_step(record); };
    observer.on_epoch = [this](const EpochRecord& record) { on_epoch(record); };
    return observer;
}

std::string Progress::epoch_label(std::size_t epoch) const {
    const std::string all = std::to_string(epochs_);
    return "epoch " + padded(std::to_string(epoch), all.size()) + "/" + all + "  ";
}

std::string Progress::bar(double share) const {
    const auto done = static_cast<std::size_t>(share * static_cast<double>(bar_width) + 0.5);
    std::string left, right;
    for (std::size_t i = 0; i < bar_width; ++i) {
        (i < done ? left : right) += color_ ? "━" : i < done ? "#" : ".";
    }
    return color_ ? "\x1b[32m" + left + "\x1b[90m" + right + "\x1b[0m  "
                  : "[" + left + right + "]  ";
}

void Progress::on_step(const StepRecord& record) {
    ++steps_;
    loss_ += record.loss;
    accuracy_ += record.accuracy;
    const Clock::time_point now = Clock::now();
    if (seconds_between(last_drawn_, now) < seconds_between_drawings) return;
    last_drawn_ = now;
    const double steps = static_cast<double>(steps_);
    const double left = seconds_between(start_, now) / static_cast<double>(record.step) *
                        static_cast<double>(all_steps_ - record.step);
    redraw_line(epoch_label(record.epoch) + bar(steps / static_cast<double>(steps_per_epoch_)) +
                scores(loss_ / steps, accuracy_ / steps) + "  " +
                rate(steps_ * batch_size_, seconds_between(epoch_start_, now)) + "  " +
                duration(left) + " left");
}

void Progress::on_epoch(const EpochRecord& record) {
    std::string line = epoch_label(record.epoch);
    if (redraw_) line += bar(1.0);
    line += scores(record.train_loss, record.train_accuracy);
    if (record.validation_accuracy) line += "  validation " + percent(*record.validation_accuracy);
    line += "  " + rate(record.images, record.seconds);
    if (redraw_) {
        redraw_line(line);
        std::printf("\n");
    } else {
        std::printf("%s\n", line.c_str());
    }
    std::fflush(stdout);
    epoch_start_ = Clock::now();
    steps_ = 0;
    loss_ = accuracy_ = 0.0;
}

}  // namespace digits
