// `digits train --resume`: interrupted trainings are resumed bit-identically, or refused with a
// reason.
#include <filesystem>
#include <string>

#include "check.h"
#include "formats/safetensors.h"
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

// Starts a long training in `out` and sends it a signal once its first checkpoint exists. Returns
// its standard error, followed by its exit code.
std::string interrupted(const TemporaryFolder& folder, const std::string& options,
                        const std::string& signal) {
    write_text(folder / "interrupt.sh", "rm -rf out; " + testing::digits_program() +
                                            " train --out out --checkpoint-every 1 " + options +
                                            " 2>errors &\n" + testing::wait_for_checkpoint("out") +
                                            "kill -" + signal +
                                            " $!\n"
                                            "wait $!\n"
                                            "echo $? >>errors\n");
    const std::string command =
        "cd '" + folder.path().string() + "' && sh interrupt.sh >/dev/null 2>&1";
    check_equal(std::system(command.c_str()), 0);
    return read_text(folder / "errors");
}

const std::string long_training =
    "--data tiny --hidden 16 --batch-size 4 --epochs 100 --dropout 0.1 --input-dropout 0.1 "
    "--deskew --optimizer adam --seed 3";

TEST(a_terminated_training_resumes_with_the_same_result) {
    const TemporaryFolder folder;
    make_data(folder);
    const std::string errors = interrupted(folder, long_training, "TERM");
    check_contains(errors, "digits: stopped after step ");
    check_contains(errors,
                   "; to resume: " + testing::digits_program() + " train --resume out\n143\n");
    check(!std::filesystem::exists(folder / "out" / "metrics.json"));
    check_contains(read_text(folder / "out" / "history.csv"), "\n1,95,");
    const TensorFile checkpoint = read_safetensors(folder / "out" / "checkpoint.safetensors");
    check_contains(read_text(folder / "out" / "steps.csv"), "\n95,1,");

    // Where the name of its data means nothing, it asks for another one.
    std::filesystem::create_directory(folder / "elsewhere");
    const Result lost = digits_in(folder, "--version >version && cd elsewhere && " +
                                              testing::digits_program() + " train --resume ../out");
    check_equal(lost.exit_code, 1);
    check_contains(lost.errors,
                   "--resume ../out: the training was started with --data tiny, but there is no "
                   "such folder here; name the folder anew: ");
    check_contains(lost.errors, " train --resume ../out --data DIR\n");

    // In a different folder, with a different number of threads.
    std::filesystem::rename(folder / "out", folder / "moved");
    const Result resumed = digits_in(folder, "train --resume moved --threads 1");
    check_equal(resumed.exit_code, 0);
    check_contains(resumed.output, "resumed after step ");
    check(!std::filesystem::exists(folder / "moved" / "checkpoint.safetensors"));
    check_equal(digits_in(folder, "train --out out --quiet " + long_training).exit_code, 0);
    for (const char* file : {"steps.csv", "model.safetensors"}) {
        check(read_text(folder / "moved" / file) == read_text(folder / "out" / file));
    }
}

// nohup, and a shell that starts a program in the background, have it ignore signals.
TEST(an_ignored_interrupt_stays_ignored) {
    const TemporaryFolder folder;
    make_data(folder);
    write_text(folder / "ignore.sh",
               "trap '' INT\n" + testing::digits_program() +
                   " train --data tiny --hidden 8 --epochs 20 --quiet --out out"
                   " --checkpoint-every 1 &\n" +
                   testing::wait_for_checkpoint("out") +
                   "kill -INT $!\n"
                   "wait $!\n");
    check_equal(testing::shell_in(folder, "sh ignore.sh").exit_code, 0);
    check_equal(metric(folder, "epochs"), "20");
}

// As in `digits train --preset strong --resume`: without a folder, --resume uses the default of
// --out.
TEST(without_a_folder_the_default_one_is_resumed) {
    const TemporaryFolder folder;
    make_data(folder);
    interrupted(folder, long_training + " --preset jax-24", "KILL");
    std::filesystem::create_directory(folder / "runs");
    std::filesystem::rename(folder / "out", folder / "runs" / "latest");
    check_equal(digits_in(folder, "train --preset jax-24 --resume --quiet").exit_code, 0);
    check_contains(digits_in(folder, "train --resume").errors,
                   "--resume runs/latest: found no checkpoint.safetensors; the training there "
                   "is finished");
}

TEST(a_killed_training_resumes_from_its_last_checkpoint) {
    const TemporaryFolder folder;
    make_data(folder);
    check_equal(interrupted(folder, long_training, "KILL"), "137\n");
    check_equal(digits_in(folder, "train --resume out --quiet").exit_code, 0);
    const std::string hash = metric(folder, "weights_hash");
    check_equal(metric(folder, "epochs"), "100");
    check_equal(digits_in(folder, "train --out out --quiet " + long_training).exit_code, 0);
    check_equal(metric(folder, "weights_hash"), hash);
}

// The report of a training that was resumed tells of all its parts.
TEST(a_resumed_training_reports_its_earlier_epochs_and_seconds) {
    const TemporaryFolder folder;
    make_data(folder);
    interrupted(folder, long_training, "TERM");
    const std::filesystem::path path = folder / "out" / "checkpoint.safetensors";
    TensorFile checkpoint = read_safetensors(path);
    checkpoint.metadata.at("seconds") = "1000";
    write_safetensors(path, checkpoint);
    check_equal(digits_in(folder, "train --resume out --quiet").exit_code, 0);
    check(*parse_number(metric(folder, "seconds")) > 1000.0);
    check_equal(digits_in(folder, "train --out whole --quiet " + long_training).exit_code, 0);
    for (const char* figure : {"confusion-moving.svg", "loss-moving.svg"}) {
        check(read_text(folder / "out" / figure) == read_text(folder / "whole" / figure));
    }

    // A checkpoint of an earlier version does not say how long the training took.
    interrupted(folder, long_training, "TERM");
    checkpoint = read_safetensors(path);
    checkpoint.metadata.erase("seconds");
    write_safetensors(path, checkpoint);
    check_equal(digits_in(folder, "train --resume out --quiet").exit_code, 0);
    check(*parse_number(metric(folder, "seconds")) < 1000.0);
}

TEST(a_training_resumes_only_with_its_own_data_and_settings) {
    const TemporaryFolder folder;
    make_data(folder);
    interrupted(folder, long_training, "KILL");
    const std::string before = read_text(folder / "out" / "checkpoint.safetensors");
    const auto refused = [&](const std::string& options, int code, const std::string& why) {
        const Result result = digits_in(folder, "train --resume out " + options);
        check_equal(result.exit_code, code);
        check_contains(result.errors, why);
    };
    refused("--learning-rate 0.5 --seed 4", 2,
            "must be resumed with the settings it was started with, but seed was 3, now 4; "
            "learning_rate was 0.001, now 0.5");
    refused("--hidden 8", 2, "but hidden was [16], now [8]");
    refused("--out other", 2, "--resume and --out cannot be combined");
    refused("--steps 5", 2, "--steps and --epochs cannot be combined");

    check_equal(digits_in(folder, "synthesize --out other --count 500 --seed 8").exit_code, 0);
    check_equal(digits_in(folder, "synthesize --out same --count 490 --seed 7").exit_code, 0);
    refused("--data other", 1, "--resume: the training images of other differ from those of ");
    // The same training images in a different folder, with different test images: those are
    // checked, too.
    std::filesystem::copy(folder / "tiny", folder / "same",
                          std::filesystem::copy_options::overwrite_existing);
    for (const char* file : {"t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"}) {
        std::filesystem::copy_file(folder / "other" / file, folder / "same" / file,
                                   std::filesystem::copy_options::overwrite_existing);
    }
    refused("--data same", 1, "--resume: the test images of same differ from those of ");
    check(read_text(folder / "out" / "checkpoint.safetensors") == before);
}

TEST(resuming_without_a_valid_checkpoint_is_refused_with_a_reason) {
    const TemporaryFolder folder;
    make_data(folder);
    const auto refused = [&](const std::string& where, const std::string& why) {
        const Result result = digits_in(folder, "train --resume " + where);
        check_equal(result.exit_code, 1);
        check_contains(result.errors, why);
    };
    refused("nowhere", "--resume nowhere: found no checkpoint.safetensors; name the --out folder");
    check_equal(digits_in(folder, "train --data tiny --epochs 1 --out out --quiet").exit_code, 0);
    refused("out", "; the training there is finished");
    std::filesystem::copy_file(folder / "out" / "model.safetensors",
                               folder / "out" / "checkpoint.safetensors");
    refused("out", "expected a checkpoint with the metadata key \"arguments\", found none");
    write_text(folder / "out" / "checkpoint.safetensors", "short");
    refused("out", "checkpoint.safetensors: expected a safetensors file");
    // A checkpoint of a version with other defaults.
    interrupted(folder, long_training, "KILL");
    TensorFile file = read_safetensors(folder / "out" / "checkpoint.safetensors");
    std::string& settings = file.metadata["settings"];
    settings.replace(settings.find("\"momentum\": 0.9"), 15, "\"momentum\": 0.8");
    write_safetensors(folder / "out" / "checkpoint.safetensors", file);
    refused("out", "a version of digits with other defaults: momentum was 0.8, now 0.9");
}

// The arguments are stored as JSON, which is UTF-8.
TEST(a_training_with_data_in_a_folder_whose_name_is_not_utf8_resumes) {
    const TemporaryFolder folder;
    make_data(folder);
    std::filesystem::rename(folder / "tiny", folder / "caf\xe9");
    const std::string words = "--data caf\xe9 --hidden 16 --batch-size 4 --epochs 40";
    interrupted(folder, words, "KILL");
    const TensorFile checkpoint = read_safetensors(folder / "out" / "checkpoint.safetensors");
    check_contains(checkpoint.metadata.at("arguments"), "[99, 97, 102, 233]");
    check_equal(checkpoint.metadata.at("image_size"), "28x28");
    check_equal(checkpoint.metadata.at("image_layout"), "20x20 centred by mass");
    check_equal(digits_in(folder, "train --resume out").errors, "");
    check(std::filesystem::exists(folder / "out" / "metrics.json"));
}

}  // namespace
}  // namespace digits
