// The commands of the program end to end: their output, their files and their exit codes.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <set>
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
    check_contains(
        result.output,
        "378 training, 42 validation, 80 test images\n          of 28 x 28 in 10 classes\n");
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

    // Nothing else remains: no temporary file, no checkpoint.
    std::set<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder / "out")) {
        files.insert(entry.path().filename().string());
    }
    check(files == std::set<std::string>{"accuracy.svg", "confusion-moving.svg", "confusion.svg",
                                         "history.csv", "loss-moving.svg", "loss.svg",
                                         "metrics.json", "mistakes.svg", "model.safetensors",
                                         "reliability.svg", "report.html", "steps.csv",
                                         "weights.svg"});
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
    check_contains(digits_in(folder, train + "--hidden 8 --test-data drawn").output,
                   "420 training, 10,000 test images");
}

TEST(with_a_split_a_class_may_occur_in_one_part_of_the_files_only) {
    const TemporaryFolder folder;
    make_data(folder);
    TrainTest data = load_folder(folder / "tiny");
    for (std::uint8_t& label : data.train.labels) label = std::min<std::uint8_t>(label, 6);
    save_folder(folder / "tiny", data);
    const std::string train = "train --data tiny --epochs 1 --validation 0 --hidden 8 --out out ";
    check_contains(digits_in(folder, train).errors, "expected test labels below 7");
    check_contains(digits_in(folder, train + "--split 0.8").output,
                   "400 training, 100 test images\n          of 28 x 28 in 10 classes");
    check_equal(
        digits_in(folder, "evaluate out/model.safetensors --data tiny --split 0.8").exit_code, 0);
}

TEST(what_is_not_shown_or_evaluated_need_not_be_there) {
    const TemporaryFolder folder;
    make_data(folder);
    check_equal(digits_in(folder, "train --data tiny --epochs 1 --hidden 8 --out out").exit_code,
                0);
    const std::string shown = digits_in(folder, "show --data tiny").output;
    const std::string test = digits_in(folder, "show --data tiny --test").output;
    const std::string evaluate = "evaluate out/model.safetensors --data ";
    const std::string report = digits_in(folder, evaluate + "tiny").output;
    std::filesystem::create_directory(folder / "test");
    for (const char* name : {"t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"}) {
        std::filesystem::rename(folder / "tiny" / name, folder / "test" / name);
    }
    check_equal(digits_in(folder, "show --data tiny").output, shown);
    check_contains(digits_in(folder, "show --data tiny --test").errors,
                   "tiny: found no t10k-images-idx3-ubyte");
    std::filesystem::rename(folder / "tiny", folder / "train");
    std::filesystem::rename(folder / "test", folder / "tiny");
    check_equal(digits_in(folder, "show --data tiny --test").output, test);
    check_equal(digits_in(folder, evaluate + "tiny").output, report);
    check_contains(digits_in(folder, "show --data tiny").errors,
                   "tiny: found no train-images-idx3-ubyte");
    check_equal(
        digits_in(folder, "train --data train --test-data tiny --epochs 1 --out out").exit_code, 0);
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
    check_equal(digits_in(folder, "show --grid --png -").output, read_text(folder / "page.png"));
    check(!std::filesystem::exists(folder / "-"));
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
    const std::string elastic =
        digits_in(folder, "show --data tiny --index 3 --augment elastic").output;
    check(elastic != plain);
    check_contains(elastic, "tiny, image 3: ");
    const Result grid =
        digits_in(folder, "show --data tiny --index 3 --augment affine --grid --png page.png");
    check_equal(grid.exit_code, 0);
    // A page has 16 distortions.
    for (const char* count : {"16", "17"}) {
        digits_in(folder, str_cat("show --data tiny --index 3 --augment affine --grid --count ",
                                  count, " --png ", count, ".png"));
    }
    check(read_text(folder / "page.png") == read_text(folder / "16.png"));
    check(read_text(folder / "page.png") != read_text(folder / "17.png"));
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
