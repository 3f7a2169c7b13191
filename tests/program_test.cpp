// The program as a user meets it: what it prints, what it leaves behind and how it says no.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "check.h"
#include "data/dataset.h"
#include "data/synthetic.h"
#include "temporary_folder.h"

namespace digits {
namespace {

using testing::check;
using testing::check_contains;
using testing::check_equal;
using testing::read_text;
using testing::TemporaryFolder;
using testing::write_text;

struct Result {
    int exit_code = -1;
    std::string output;  // standard output
    std::string errors;  // standard error
};

// Runs `build/digits words` with `folder` as the current one.
Result digits_in(const TemporaryFolder& folder, const std::string& words) {
    const std::string output = (folder / "stdout").string(), errors = (folder / "stderr").string();
    const std::string command = "cd '" + folder.path().string() + "' && '" DIGITS_PROGRAM "' " +
                                words + " >'" + output + "' 2>'" + errors + "'";
    const int status = std::system(command.c_str());
    // The exit code is in the second byte of what POSIX systems return.
    return {status >> 8, read_text(output), read_text(errors)};
}

// 420 training and 80 test digits, enough to see that everything happens.
void make_data(const TemporaryFolder& folder) {
    const Dataset all = synthesize(500, 7);
    std::vector<std::size_t> training, test;
    for (std::size_t i = 0; i < all.size(); ++i) (i < 420 ? training : test).push_back(i);
    save_folder(folder / "tiny", {subset(all, training), subset(all, test)});
}

// The value of a member of metrics.json, as it stands there.
std::string metric(const TemporaryFolder& folder, const std::string& name) {
    const std::string json = read_text(folder / "out" / "metrics.json");
    const std::string key = "\n  \"" + name + "\": ";
    const std::size_t start = json.find(key);
    check(start != std::string::npos);
    const std::size_t value = start + key.size();
    return json.substr(value, json.find_first_of(",\n", value) - value);
}

TEST(help_and_version_end_well) {
    const TemporaryFolder folder;
    for (const char* words : {"", "help", "--help", "help train", "train --help", "help show",
                              "help synthesize", "help gradient-check", "--version"}) {
        const Result result = digits_in(folder, words);
        check_equal(result.exit_code, 0);
        check(!result.output.empty());
        check_equal(result.errors, "");
    }
    check_contains(digits_in(folder, "--version").output, "digits ");
}

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

TEST(a_training_reports_and_leaves_its_files) {
    const TemporaryFolder folder;
    make_data(folder);
    const Result result =
        digits_in(folder, "train --data tiny --hidden 32 --epochs 3 --batch-size 20 --out out");
    check_equal(result.exit_code, 0);
    check_equal(result.errors, "");
    check_contains(result.output,
                   "378 training, 42 validation, 80 test pictures of 28 x 28 in 10 classes");
    check_contains(result.output, "784-32-10 relu, 25,450 parameters");
    check_contains(result.output, "epoch 3/3  loss ");
    check_contains(result.output, "weighted avg");
    check_contains(result.output, "log loss");
    check_contains(result.output, "(standard error)");
    check_contains(result.output, "The worst mistakes:");
    check(result.output.find('\x1b') == std::string::npos);  // a file is no terminal

    check_equal(metric(folder, "epochs"), "3");
    check_equal(metric(folder, "steps"), "57");  // 378 in batches of 20: 19 an epoch
    check_equal(metric(folder, "parameters"), "25450");
    check_equal(metric(folder, "seed"), "1");
    const std::string history = read_text(folder / "out" / "history.csv");
    check_contains(history, "epoch,steps,learning_rate,train_loss,train_accuracy,");
    check_equal(std::count(history.begin(), history.end(), '\n'), 1 + 3);
    const std::string steps = read_text(folder / "out" / "steps.csv");
    check_equal(std::count(steps.begin(), steps.end(), '\n'), 1 + 57);
}

TEST(quiet_prints_nothing) {
    const TemporaryFolder folder;
    make_data(folder);
    const Result result =
        digits_in(folder, "train --data tiny --hidden 8 --epochs 1 --out out --quiet");
    check_equal(result.exit_code, 0);
    check_equal(result.output, "");
    check_equal(result.errors, "");
    check_equal(metric(folder, "epochs"), "1");
}

TEST(one_seed_gives_one_hash_on_any_number_of_threads) {
    const TemporaryFolder folder;
    make_data(folder);
    const std::string train =
        "train --data tiny --dropout 0.2 --epochs 2 --out out --quiet --threads ";
    std::string first;
    for (const char* threads : {"1", "2", "3", "7", "1"}) {
        check_equal(digits_in(folder, train + threads).exit_code, 0);
        const std::string hash = metric(folder, "weights_hash");
        check_equal(hash.size(), 18u);
        if (first.empty()) first = hash;
        check_equal(hash, first);
    }
    check_equal(digits_in(folder, train + "1 --seed 2").exit_code, 0);
    check(metric(folder, "weights_hash") != first);
}

TEST(without_a_validation_its_accuracy_is_null) {
    const TemporaryFolder folder;
    make_data(folder);
    check_equal(
        digits_in(folder, "train --data tiny --epochs 1 --validation 0 --out out").exit_code, 0);
    check_equal(metric(folder, "validation_accuracy"), "null");
    check_contains(read_text(folder / "out" / "history.csv"), ",,");
}

TEST(a_split_pools_everything_and_test_data_may_come_from_elsewhere) {
    const TemporaryFolder folder;
    make_data(folder);
    const std::string train = "train --data tiny --epochs 1 --validation 0 --out out ";
    check_contains(digits_in(folder, train + "--split 0.8").output,
                   "400 training, 100 test pictures");
    check_contains(digits_in(folder, train + "--test-data tiny").output,
                   "420 training, 80 test pictures");
    check_equal(digits_in(folder, train + "--split 0.8 --test-data tiny").exit_code, 2);
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
}

TEST(digits_are_synthesized_and_shown) {
    const TemporaryFolder folder;
    const Result result = digits_in(folder, "synthesize --out drawn --count 70 --seed 3");
    check_equal(result.exit_code, 0);
    check_equal(result.output, "drawn: 60 training and 10 test digits\n");
    check_equal(load_folder(folder / "drawn").train.size(), 60u);
    check(load_folder(folder / "drawn").train.pixels ==
          subset(synthesize(70, 3),
                 [] {
                     std::vector<std::size_t> first(60);
                     for (std::size_t i = 0; i < 60; ++i) first[i] = i;
                     return first;
                 }())
              .pixels);

    check_contains(digits_in(folder, "show --data drawn --index 2").output, "drawn, picture 2: ");
    check_contains(digits_in(folder, "show --data drawn --test --grid --count 3").output, "█");
    check_equal(digits_in(folder, "show --data drawn --index 60").exit_code, 2);
    check_equal(digits_in(folder, "show --grid --png page.png").exit_code, 0);
    check(std::filesystem::file_size(folder / "page.png") > 1000);
}

TEST(the_gradient_check_gives_a_verdict_on_each_parameter) {
    const TemporaryFolder folder;
    const Result right = digits_in(folder, "gradient-check --hidden 20,12 --activation tanh");
    check_equal(right.exit_code, 0);
    for (const char* name : {"dense1.weight", "dense1.bias", "dense2.weight", "dense2.bias",
                             "dense3.weight", "dense3.bias"}) {
        check_contains(right.output, name);
    }
    check(right.output.find("WRONG") == std::string::npos);
    const Result nothing = digits_in(folder, "gradient-check --hidden 20 --initializer zeros");
    check_equal(nothing.exit_code, 1);
    check_contains(nothing.output, "WRONG: all derivatives are zero");
}

}  // namespace
}  // namespace digits
