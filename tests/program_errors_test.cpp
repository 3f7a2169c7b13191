// Errors of the program: messages, exit codes, and that a failure leaves existing results
// unchanged.
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
using testing::shell_in;
using testing::TemporaryFolder;
using testing::write_text;

TEST(usage_errors_end_with_exit_code_2_and_a_suggestion) {
    const TemporaryFolder folder;
    const Result command = digits_in(folder, "trian");
    check_equal(command.exit_code, 2);
    check_equal(command.output, "");
    check_equal(command.errors, "digits: error: unknown command 'trian'; did you mean train?\n");
    check_equal(digits_in(folder, "help nonsense").exit_code, 2);
    const Result option = digits_in(folder, "train --epoch 3");
    check_equal(option.exit_code, 2);
    check_contains(option.errors, "did you mean --epochs?");
    check_equal(digits_in(folder, "show --index 3 --grid").exit_code, 2);
    check_equal(digits_in(folder, "help train extra").exit_code, 2);
    const Result extra = digits_in(folder, "--version extra");
    check_equal(extra.exit_code, 2);
    check_contains(extra.errors, "unexpected argument 'extra' after --version");
}

TEST(a_full_output_device_is_an_error) {
    if (!std::filesystem::exists("/dev/full")) testing::skip("there is no /dev/full");
    check(std::system((testing::digits_program() + " help >/dev/full 2>/dev/null").c_str()) != 0);
}

TEST(other_errors_end_with_exit_code_1) {
    const TemporaryFolder folder;
    const Result missing = digits_in(folder, "train --data nowhere");
    check_equal(missing.exit_code, 1);
    check_contains(missing.errors, "digits: error: ");
    check_contains(missing.errors, "nowhere");
    make_data(folder);
    write_text(folder / "file", "in the way");
    const Result blocked = digits_in(folder, "train --data tiny --out file");
    check_equal(blocked.exit_code, 1);
    check_contains(blocked.errors, "--out file: cannot create the folder (");
}

TEST(a_training_that_diverges_writes_its_history_and_explains_itself) {
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

TEST(options_that_do_not_suit_the_data_are_refused_by_name) {
    const TemporaryFolder folder;
    make_data(folder);
    const Result few = digits_in(folder, "train --data tiny --validation 0.0001");
    check_equal(few.exit_code, 2);
    check_contains(few.errors, "--validation 0.0001 of 420 training images leaves none to");
    const Result split = digits_in(folder, "train --data tiny --split 0.9999");
    check_equal(split.exit_code, 2);
    check_contains(split.errors, "--split 0.9999 of 500 images leaves none to test on");
    check_contains(digits_in(folder, "train --data tiny --split 0.0001").errors,
                   "leaves none to train on");
    const Result many = digits_in(folder, "synthesize --count 18446744073709551615");
    check_equal(many.exit_code, 2);
    check_contains(many.errors,
                   "--count takes a whole number of at least 7 and at most 4294967295, not");
    const Result slow = digits_in(folder, "train --data tiny --warmup 100 --steps 60");
    check_equal(slow.exit_code, 2);
    check_contains(slow.errors,
                   "--warmup 100 is as long as the whole training, which has 60 steps");
}

TEST(a_full_disk_is_an_error_before_the_training_and_keeps_existing_results) {
    const TemporaryFolder folder;
    make_data(folder);
    const std::string train = "train --data tiny --epochs 1 --out out --quiet ";
    check_equal(digits_in(folder, train + "--hidden 8").exit_code, 0);
    const std::string before = read_text(folder / "out" / "model.safetensors");
    const std::string hash = metric(folder, "weights_hash");
    // A file size limit behaves like a full disk. 100 blocks are 50 or 100 kB: less than the
    // network, or the network and its checkpoints, need.
    for (const char* options : {"--hidden 256", "--hidden 32 --checkpoint-every 1"}) {
        const std::string command =
            str_cat("cd '", folder.path().string(), "' && ulimit -f 100 && ",
                    testing::digits_program(), " ", train, options, " 2>errors");
        check_equal(std::system(command.c_str()) >> 8, 1);
        const std::string errors = read_text(folder / "errors");
        check_contains(errors, "digits: error: --out out: expected space for the ");
        check_contains(errors, "; free some, or choose a different folder");
    }
    check(read_text(folder / "out" / "model.safetensors") == before);
    check_equal(metric(folder, "weights_hash"), hash);
    for (const auto& entry : std::filesystem::directory_iterator(folder / "out")) {
        check(entry.path().extension() != ".part");
    }
}

TEST(no_number_is_too_large_to_be_refused_in_plain_words) {
    const TemporaryFolder folder;
    check_equal(digits_in(folder, "synthesize --count 70 --out tiny").exit_code, 0);
    const auto refused = [&](const std::string& words, int exit_code, const std::string& why) {
        const Result result = digits_in(folder, words);
        check_equal(result.exit_code, exit_code);
        check_contains(result.errors, why);
    };
    refused("synthesize --count 18446744073709551615", 2,
            "--count takes a whole number of at least 7 and at most 4294967295, not '");
    refused("train --data tiny --batch-size 9 --epochs 18446744073709551615", 2,
            "--epochs 18446744073709551615 of 6 steps each are more steps than can be counted");
    refused("sweep --data tiny --out= --hidden 4", 2, "--out takes the name of one folder");
    refused("--data tiny train", 2,
            "expected a command before the options, found --data; for example: ");
    const std::string long_name(5000, 'a');
    for (const char* command : {"sweep", "records --only plain"}) {
        refused(str_cat(command, " --data tiny --epochs 1 --out ", long_name), 1,
                "File name too long");
    }
}

// The sanitizers abort a program that allocates this much before it can report the error. Some
// systems grant any amount and end the program once it is used: hence the limit.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST(a_network_that_does_not_fit_into_the_memory_is_an_error) {
    const TemporaryFolder folder;
    make_data(folder);
    for (const char* hidden : {"1000000,1000000", "1000000,1000000,1000000"}) {
        const Result large =
            shell_in(folder, str_cat("ulimit -v 30000000; ", testing::digits_program(),
                                     " train --data tiny --hidden ", hidden));
        check_equal(large.exit_code, 1);
        check_contains(large.errors, "not enough memory");
    }
}
#endif

TEST(a_share_that_leaves_a_part_empty_is_a_usage_error_of_its_option) {
    const TemporaryFolder folder;
    check_equal(digits_in(folder, "synthesize --count 11 --out ten").exit_code, 0);
    const std::string train = "train --data ten --hidden 2 --epochs 1 --out out ";
    const auto refused = [&](const std::string& words, const std::string& why) {
        const Result result = digits_in(folder, words);
        check_equal(result.exit_code, 2);
        check_contains(result.errors, why);
    };
    // 9.5 of 10 images are rounded to 10.
    refused(train + "--validation 0.05", "--validation 0.05 of 10 training images leaves none to ");
    refused(train + "--validation 0.99", "training images leaves none to train on");
    refused(train + "--split 0.99", "--split 0.99 of 11 images leaves none to test on");
    refused(train + "--split 0.01", "--split 0.01 of 11 images leaves none to train on");
    check_equal(digits_in(folder, train + "--validation 0.06 --split 0.9").exit_code, 0);
    refused("evaluate out/model.safetensors --data ten --split 0.99",
            "--split 0.99 of 11 images leaves none to test on");
}

TEST(a_run_that_fails_before_training_keeps_the_previous_results) {
    const TemporaryFolder folder;
    make_data(folder);
    check_equal(digits_in(folder, "train --data tiny --epochs 1 --out out --quiet").exit_code, 0);
    const std::string before = metric(folder, "weights_hash");
    check_equal(digits_in(folder, "train --data tiny --warmup 999 --out out").exit_code, 2);
    check_equal(metric(folder, "weights_hash"), before);
}

}  // namespace
}  // namespace digits
