// The commands of the program end to end: their output, their files and their exit codes.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "check.h"
#include "data/dataset.h"
#include "data/synthetic/synthesize.h"
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

TEST(help_and_version_succeed) {
    const TemporaryFolder folder;
    for (const char* words : {"", "help", "--help", "help help", "help train", "train --help",
                              "help presets", "help reproduce", "help sweep", "help show",
                              "help synthesize", "help gradient-check", "--version"}) {
        const Result result = digits_in(folder, words);
        check_equal(result.exit_code, 0);
        check(!result.output.empty());
        check_equal(result.errors, "");
    }
    check_contains(digits_in(folder, "--version").output, "digits ");
}

TEST(a_training_prints_a_report_and_writes_its_files) {
    const TemporaryFolder folder;
    make_data(folder);
    const Result result =
        digits_in(folder, "train --data tiny --hidden 32 --epochs 3 --batch-size 20 --out out");
    check_equal(result.exit_code, 0);
    check_equal(result.errors, "");
    check_contains(result.output,
                   "378 training, 42 validation, 80 test images of 28 x 28 in 10 classes");
    check_contains(result.output, "784-32-10 relu, 25,450 parameters");
    check_contains(result.output, "epoch 3/3  loss ");
    check_contains(result.output, "weighted avg");
    check_contains(result.output, "log loss");
    check_contains(result.output, "(standard error)");
    check_contains(result.output, "The worst mistakes:");
    check(result.output.find('\x1b') == std::string::npos);  // no escape codes in a file

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

TEST(the_report_is_opened_with_xdg_open) {
    const TemporaryFolder folder;
    make_data(folder);
    const std::string here = folder.path().string();
    write_text(folder / "xdg-open", "#!/bin/sh\nprintf '%s' \"$1\" >'" + here + "/opened'\n");
    std::filesystem::permissions(folder / "xdg-open", std::filesystem::perms::owner_all);
    const std::string command =
        "cd '" + here + "' && PATH='" + here + "':\"$PATH\" " + testing::digits_program() +
        " train --data tiny --hidden 8 --epochs 1 --open --out \"it's; a\"" + " >stdout";
    check_equal(std::system(command.c_str()), 0);
    check_equal(read_text(folder / "opened"), here + "/it's; a/report.html");
    const std::string output = read_text(folder / "stdout");
    check(output.ends_with("\nit's; a/report.html\n"));
    check_contains(output, "Training loss over ");
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

TEST(one_seed_gives_one_hash_with_any_number_of_threads) {
    const TemporaryFolder folder;
    make_data(folder);
    const std::string train =
        "train --data tiny --dropout 0.2 --input-dropout 0.1 --epochs 2 --out out --quiet "
        "--threads ";
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

TEST(without_validation_its_accuracy_is_null) {
    const TemporaryFolder folder;
    make_data(folder);
    check_equal(
        digits_in(folder, "train --data tiny --epochs 1 --validation 0 --out out").exit_code, 0);
    check_equal(metric(folder, "validation_accuracy"), "null");
    check_contains(read_text(folder / "out" / "history.csv"), ",,");
}

TEST(a_split_pools_all_images_and_test_data_may_be_a_different_folder) {
    const TemporaryFolder folder;
    make_data(folder);
    const std::string train = "train --data tiny --epochs 1 --validation 0 --out out ";
    check_contains(digits_in(folder, train + "--split 0.8").output,
                   "400 training, 100 test images");
    check_contains(digits_in(folder, train + "--test-data tiny").output,
                   "420 training, 80 test images");
    check_equal(digits_in(folder, train + "--split 0.8 --test-data tiny").exit_code, 2);
}

TEST(digits_are_synthesized_and_shown) {
    const TemporaryFolder folder;
    const Result result = digits_in(folder, "synthesize --out images --count 70 --seed 3");
    check_equal(result.exit_code, 0);
    check_equal(result.output, "images: 60 training and 10 test digits\n");
    check_equal(load_folder(folder / "images").train.size(), 60u);
    check(load_folder(folder / "images").train.pixels() ==
          subset(synthesize(70, 3),
                 [] {
                     std::vector<std::size_t> first(60);
                     for (std::size_t i = 0; i < 60; ++i) first[i] = i;
                     return first;
                 }())
              .pixels());

    check_contains(digits_in(folder, "show --data images --index 2").output, "images, image 2: ");
    check_contains(digits_in(folder, "show --data images --test --grid --count 3").output, "█");
    check_equal(digits_in(folder, "show --data images --index 60").exit_code, 2);
    // Without a folder the same digits are drawn; the test digits follow the training digits.
    const std::string shown = digits_in(folder, "show --index 3").output;
    check_equal(digits_in(folder, "show --data drawn --index 3").output, shown);
    check_equal(digits_in(folder, "show --data drawn --index 3 --test").output,
                digits_in(folder, "show --index 3 --test").output);
    check(shown != digits_in(folder, "show --index 3 --test").output);
    const Result beyond = digits_in(folder, "show --index 18446744073709551615");
    check_contains(beyond.errors, "--index takes a number from 0 to 59999 here");
    check_equal(digits_in(folder, "show --count 3").exit_code, 2);
    check_equal(digits_in(folder, "show --grid --png page.png").exit_code, 0);
    check(std::filesystem::file_size(folder / "page.png") > 1000);
}

TEST(the_gradient_check_gives_a_verdict_on_each_parameter) {
    const TemporaryFolder folder;
    const Result passed = digits_in(folder, "gradient-check --hidden 20,12 --activation tanh");
    check_equal(passed.exit_code, 0);
    for (const char* name : {"layer1.weight", "layer1.bias", "layer2.weight", "layer2.bias",
                             "layer3.weight", "layer3.bias"}) {
        check_contains(passed.output, name);
    }
    check_contains(passed.output, "relative error  verdict\n");
    check_contains(passed.output, "  ok\n");
    check(passed.output.find("WRONG") == std::string::npos);
    const Result deskewed = digits_in(folder, "gradient-check --hidden 12 --deskew");
    check_equal(deskewed.exit_code, 0);
    check_contains(deskewed.output, "784-12-10 input deskew relu on 8 images");
    const Result zeros = digits_in(folder, "gradient-check --hidden 20 --initializer zeros");
    check_equal(zeros.exit_code, 1);
    check_contains(zeros.output, "not proved: all gradients are zero");
}

TEST(an_image_is_shown_as_training_would_distort_it) {
    const TemporaryFolder folder;
    make_data(folder);
    const std::string plain = digits_in(folder, "show --data tiny --index 3").output;
    const std::string undistorted =
        digits_in(folder, "show --data tiny --index 3 --augment elastic --augment-strength 0")
            .output;
    // The caption has the index among the distortions; the images are the same.
    check_equal(undistorted.substr(0, undistorted.rfind("tiny")),
                plain.substr(0, plain.rfind("tiny")));
    check(digits_in(folder, "show --data tiny --index 3 --augment elastic").output != plain);
    const Result grid =
        digits_in(folder, "show --data tiny --index 3 --augment affine --grid --png page.png");
    check_equal(grid.exit_code, 0);
    check_equal(digits_in(folder, "show --augment-strength 2").exit_code, 2);
    check_equal(digits_in(folder, "train --augment-strength 2").exit_code, 2);
}

TEST(training_with_augmentation_is_the_same_with_any_number_of_threads) {
    const TemporaryFolder folder;
    make_data(folder);
    const std::string train = "train --data tiny --epochs 2 --out out --quiet --augment elastic";
    check_equal(digits_in(folder, train + " --threads 1").exit_code, 0);
    const std::string one = metric(folder, "weights_hash");
    check_equal(digits_in(folder, train + " --threads 3").exit_code, 0);
    check_equal(metric(folder, "weights_hash"), one);
    check_equal(digits_in(folder, train + " --seed 2").exit_code, 0);
    check(metric(folder, "weights_hash") != one);
    check_contains(read_text(folder / "out" / "metrics.json"), "\"augment\": \"elastic\"");
}

}  // namespace
}  // namespace digits
