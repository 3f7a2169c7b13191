#include "cli/run/progress.h"

#include <algorithm>
#include <cstdio>

#include "cli/terminal.h"
#include "util/sizes.h"
#include "util/text.h"

namespace digits {
namespace {

constexpr std::size_t longest_bar = 30;
constexpr double seconds_between_redraws = 0.05;

double seconds_between(std::chrono::steady_clock::time_point from,
                       std::chrono::steady_clock::time_point to) {
    return std::chrono::duration<double>(to - from).count();
}

std::string scores(double loss, double accuracy) {
    return "loss " + format_fixed(loss, 4) + "  accuracy " + pad_left(percent(accuracy), 8);
}

// "182k images/s"
std::string rate(std::size_t images, double seconds) {
    const double per_second = seconds > 0.0 ? static_cast<double>(images) / seconds : 0.0;
    const auto whole = static_cast<std::size_t>(per_second + 0.5);
    const std::string number =
        whole < 10000 ? std::to_string(whole) : std::to_string(whole / 1000) + "k";
    return pad_left(number, 4) + " images/s";
}

}  // namespace

Progress::Progress(const TrainerSettings& settings, std::size_t examples, bool has_bar, bool color)
    : batch_size_(settings.batch_size),
      steps_per_epoch_(ceil_div(examples, settings.batch_size)),
      all_steps_(total_steps(settings, examples)),
      epochs_(ceil_div(all_steps_, steps_per_epoch_)),
      has_bar_(has_bar),
      color_(color) {}

Progress::~Progress() {
    if (line_is_open_) std::printf("\n");
}

Observer Progress::observer() {
    Observer observer;
    if (has_bar_) observer.on_step = [this](const StepRecord& record) { on_step(record); };
    observer.on_epoch = [this](const EpochRecord& record) { on_epoch(record); };
    return observer;
}

std::string Progress::epoch_label(std::size_t epoch) const {
    const std::string all = std::to_string(epochs_);
    return "epoch " + pad_left(std::to_string(epoch), all.size()) + "/" + all + "  ";
}

std::string Progress::bar(double share, std::size_t length) const {
    const auto done = static_cast<std::size_t>(share * static_cast<double>(length) + 0.5);
    std::string left, right;
    for (std::size_t i = 0; i < length; ++i) {
        (i < done ? left : right) += color_ ? "━" : i < done ? "#" : ".";
    }
    return color_ ? "\x1b[32m" + left + "\x1b[90m" + right + "\x1b[0m" : left + right;
}

// Overwrites the current line and clears the rest of it.
void Progress::redraw(const std::string& line) {
    std::printf("\r%s\x1b[K", line.c_str());
    std::fflush(stdout);
    line_is_open_ = !line.empty();
}

void Progress::on_step(const StepRecord& record) {
    if (!steps_before_) steps_before_ = record.step - 1;
    ++steps_;
    loss_ += record.loss;
    accuracy_ += record.accuracy;
    const Clock::time_point now = Clock::now();
    if (seconds_between(last_drawn_, now) < seconds_between_redraws) return;
    last_drawn_ = now;
    const double steps = static_cast<double>(steps_);
    const double left = seconds_between(start_, now) /
                        static_cast<double>(record.step - *steps_before_) *
                        static_cast<double>(all_steps_ - record.step);
    const double done = static_cast<double>(record.step - (record.epoch - 1) * steps_per_epoch_) /
                        static_cast<double>(steps_per_epoch_);
    const std::string words = epoch_label(record.epoch) + scores(loss_ / steps, accuracy_ / steps);
    const std::string speed = "  " + rate(steps_ * batch_size_, seconds_between(epoch_start_, now));
    redraw(line(words, done, speed, "  " + duration(left) + " left"));
}

// The bar gets the space that the text leaves. If there is none, the speed is dropped as well: a
// line that wraps could not be overwritten. The window may have changed since the last redraw.
std::string Progress::line(const std::string& words, double done, const std::string& speed,
                           const std::string& time) const {
    const std::size_t room = terminal_width() - 1;
    const std::size_t all = words.size() + speed.size() + time.size();
    if (all + 2 < room) {
        return words + "  " + bar(done, std::min(room - all - 2, longest_bar)) + speed + time;
    }
    return (words + (all <= room ? speed : "") + time).substr(0, room);
}

void Progress::on_epoch(const EpochRecord& record) {
    std::string line = epoch_label(record.epoch) + scores(record.train_loss, record.train_accuracy);
    if (record.validation_accuracy) {
        line += "  validation " + pad_left(percent(*record.validation_accuracy), 8);
    }
    line += "  " + rate(record.images, record.seconds);
    if (has_bar_) redraw("");
    std::printf("%s\n", line.c_str());
    std::fflush(stdout);
    epoch_start_ = Clock::now();
    steps_ = 0;
    loss_ = accuracy_ = 0.0;
}

}  // namespace digits
