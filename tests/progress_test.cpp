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

// Prints, when a test below runs it in another process, what a training prints that was resumed
// after 1000 of 2000 steps and takes 0.2 s for each.
TEST(prints_the_progress_of_a_resumed_training) {
    if (std::getenv("DIGITS_TESTS_PROGRESS") == nullptr) return;
    TrainerSettings settings;
    settings.batch_size = 10;
    settings.steps = 2000;
    Progress progress(settings, 1000, 79, false);
    const Observer observer = progress.observer();
    for (const std::size_t step : {1001u, 1002u}) {
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        observer.on_step({.step = step, .epoch = 11, .loss = 0.5, .accuracy = 0.75});
    }
}

TEST(the_time_left_is_that_of_the_steps_since_the_training_was_resumed) {
    const testing::TemporaryFolder folder;
    const std::filesystem::path program = std::filesystem::path(DIGITS_PROGRAM).parent_path();
    const std::string output =
        testing::shell_in(folder, "DIGITS_TESTS_PROGRESS=1 '" +
                                      (program / "digits_tests").string() +
                                      "' progress.prints_the_progress_of_a_resumed_training")
            .output;
    // 998 steps of 0.2 s are 3 min 20 s. Taken for the time of 1002 steps, the 0.4 s would promise
    // an end in 0.4 s. A busy machine may be slower than that.
    const std::size_t last = output.rfind('\r');
    check(last != std::string::npos);
    check_contains(output.substr(last), "epoch 11/20  loss 0.5000  accuracy  75.00 %  ");
    check_contains(output.substr(last), " min ");
    check_contains(output.substr(last), " left");
}

}  // namespace
}  // namespace digits
