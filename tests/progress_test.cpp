// The progress line of a training.
#include "cli/run/progress.h"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>

#include "check.h"
#include "run_program.h"
#include "temporary_folder.h"

namespace digits {
namespace {

using testing::check;
using testing::check_contains;
using testing::check_equal;

// Prints, when a test below runs it in another process, what a training prints that was resumed
// after 1049 of 2000 steps, with 100 in an epoch, and takes 0.2 s for each.
TEST(prints_the_progress_of_a_resumed_training) {
    const char* request = std::getenv("DIGITS_TESTS_PROGRESS");
    if (request == nullptr) return;
    TrainerSettings settings;
    settings.batch_size = 10;
    settings.steps = 2000;
    Progress progress(settings, 1000, 110, std::string(request) == "color");
    const Observer observer = progress.observer();
    for (const std::size_t step : {1050u, 1051u}) {
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        observer.on_step({.step = step, .epoch = 11, .loss = 0.5, .accuracy = 0.75});
    }
    std::_Exit(0);  // without flushing: the line must be visible already
}

// The last state of its progress line.
std::string progress_line(const std::string& request, const std::string& columns = "110") {
    const testing::TemporaryFolder folder;
    const std::filesystem::path program = testing::build_folder();
    const std::string output =
        testing::shell_in(folder, "cd " + shell_word(testing::source_folder().string()) +
                                      " && COLUMNS=" + columns + " DIGITS_TESTS_PROGRESS=" +
                                      request + " '" + (program / "digits_tests").string() +
                                      "' progress.prints_the_progress_of_a_resumed_training")
            .output;
    const std::size_t last = output.rfind('\r');
    check(last != std::string::npos);
    return output.substr(last, output.find('\n', last) - last);
}

TEST(the_time_left_is_that_of_the_steps_since_the_training_was_resumed) {
    const std::string line = progress_line("plain");
    check_contains(line, "epoch 11/20  loss 0.5000  accuracy  75.00 %  ");
    // 949 steps of 0.2 s are 3 min 10 s. Taken for the time of 1051 steps, the 0.4 s would promise
    // an end in 0.4 s. A busy machine may be slower than that.
    check_contains(line, " min ");
    check_contains(line, " left");
}

TEST(the_bar_shows_the_share_of_the_epoch_and_fits_into_the_line) {
    // Half of the epoch is done.
    const std::string line = progress_line("plain");
    check_contains(line, "  ###");
    check_contains(line, "#....");
    check(line.size() < 110 + std::string("\r\x1b[K").size());
    const std::string color = progress_line("color");
    check_contains(color, "\x1b[32m━");
    check_contains(color, "━\x1b[90m━");
    check_contains(color, "━\x1b[0m  ");
}

TEST(a_line_that_does_not_fit_is_cut_instead_of_wrapped) {
    check_equal(progress_line("plain", "30"), "\repoch 11/20  loss 0.5000  acc\x1b[K");
}

}  // namespace
}  // namespace digits
