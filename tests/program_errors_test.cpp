// What the program says when something is wrong, and what it leaves as it was.
#include <cstdlib>
#include <filesystem>
#include <string>

#include "check.h"
#include "run_program.h"
#include "temporary_folder.h"

namespace digits {
namespace {

using testing::check;
using testing::check_contains;
using testing::check_equal;
using testing::digits_in;
using testing::make_data;
using testing::metric;
using testing::read_text;
using testing::Result;
using testing::TemporaryFolder;
using testing::write_text;

TEST(what_was_typed_wrongly_ends_with_code_2_and_a_hint) {
    const TemporaryFolder folder;
    const Result command = digits_in(folder, "trian");
    check_equal(command.exit_code, 2);
    check_equal(command.output, "");
    check_equal(command.errors,
                "digits: error: there is no command 'trian'; did you mean train?\n");
    check_equal(digits_in(folder, "help nonsense").exit_code, 2);
    const Result option = digits_in(folder, "train --epoch 3");
    check_equal(option.exit_code, 2);
    check_contains(option.errors, "did you mean --epochs?");
    check_equal(digits_in(folder, "show --index 3 --grid").exit_code, 2);
    check_equal(digits_in(folder, "help train extra").exit_code, 2);
    check_equal(digits_in(folder, "--version extra").exit_code, 2);
}

TEST(output_that_nobody_can_have_is_an_error) {
    if (!std::filesystem::exists("/dev/full")) testing::skip("there is no /dev/full");
    check(std::system("'" DIGITS_PROGRAM "' help >/dev/full 2>/dev/null") != 0);
}

TEST(what_the_world_did_wrongly_ends_with_code_1) {
    const TemporaryFolder folder;
    const Result missing = digits_in(folder, "train --data nowhere");
    check_equal(missing.exit_code, 1);
    check_contains(missing.errors, "digits: error: ");
    check_contains(missing.errors, "nowhere");
    make_data(folder);
    write_text(folder / "file", "in the way");
    const Result blocked = digits_in(folder, "train --data tiny --out file");
    check_equal(blocked.exit_code, 1);
    check_contains(blocked.errors, "--out file: the folder cannot be made");
}

TEST(a_training_that_diverges_keeps_its_history_and_says_why) {
    const TemporaryFolder folder;
    make_data(folder);
    const Result result = digits_in(
        folder,
        "train --data tiny --optimizer sgd --learning-rate 1e9 --schedule constant --out out");
    check_equal(result.exit_code, 1);
    check_contains(result.errors, "digits: error: training diverged at step ");
    check_contains(result.errors, "the learning rate, 1e+09");
    check_contains(read_text(folder / "out" / "steps.csv"), "\n1,1,");
    check(!std::filesystem::exists(folder / "out" / "metrics.json"));
    check(!std::filesystem::exists(folder / "out" / "report.html"));
}

TEST(options_that_the_data_cannot_meet_are_refused_by_name) {
    const TemporaryFolder folder;
    make_data(folder);
    const Result few = digits_in(folder, "train --data tiny --validation 0.0001");
    check_equal(few.exit_code, 2);
    check_contains(few.errors, "--validation 0.0001 of 420 training images leaves none to");
    const Result slow = digits_in(folder, "train --data tiny --warmup 100 --steps 60");
    check_equal(slow.exit_code, 2);
    check_contains(slow.errors,
                   "--warmup 100 is as long as the whole training, which has 60 steps");
    // The sanitizers end a program that asks for so much before it can say anything.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    const Result large = digits_in(folder, "train --data tiny --hidden 99999999999");
    check_equal(large.exit_code, 1);
    check_contains(large.errors, "there is not enough memory");
#endif
}

TEST(a_disk_that_is_too_full_is_an_error_before_the_training_and_harms_nothing) {
    const TemporaryFolder folder;
    make_data(folder);
    const std::string train = "train --data tiny --epochs 1 --out out --quiet ";
    check_equal(digits_in(folder, train + "--hidden 8").exit_code, 0);
    const std::string before = read_text(folder / "out" / "model.safetensors");
    const std::string hash = metric(folder, "weights_hash");
    // A limit on the size of files is what a full disk looks like. 100 blocks are 50 or 100 kB:
    // less than the network, or than a network and its checkpoints, take.
    for (const char* options : {"--hidden 256", "--hidden 32 --checkpoint-every 1"}) {
        const std::string command =
            str_cat("cd '", folder.path().string(), "' && ulimit -f 100 && '" DIGITS_PROGRAM "' ",
                    train, options, " 2>errors");
        check_equal(std::system(command.c_str()) >> 8, 1);
        const std::string errors = read_text(folder / "errors");
        check_contains(errors, "digits: error: --out out: there must be room for ");
        check_contains(errors, "is there enough space?");
    }
    check(read_text(folder / "out" / "model.safetensors") == before);
    check_equal(metric(folder, "weights_hash"), hash);
    for (const auto& entry : std::filesystem::directory_iterator(folder / "out")) {
        check(entry.path().extension() != ".part");
    }
}

TEST(a_run_that_fails_before_it_starts_keeps_the_results_of_the_last) {
    const TemporaryFolder folder;
    make_data(folder);
    check_equal(digits_in(folder, "train --data tiny --epochs 1 --out out --quiet").exit_code, 0);
    const std::string before = metric(folder, "weights_hash");
    check_equal(digits_in(folder, "train --data tiny --warmup 999 --out out").exit_code, 2);
    check_equal(metric(folder, "weights_hash"), before);
}

}  // namespace
}  // namespace digits
