// The folder of a training: nothing in it is lost, whatever happens to the program or the disk.
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
using testing::wait_for_checkpoint;
using testing::write_text;

// Runs a shell script in the folder with the program as $digits; returns its standard error. A
// training that does not end as it should is killed after two minutes of processor time.
std::string shell(const TemporaryFolder& folder, const std::string& script) {
    write_text(folder / "script.sh",
               "ulimit -t 120; digits=" + testing::digits_program() + "\n" + script);
    const std::string command =
        "cd '" + folder.path().string() + "' && bash script.sh >output 2>errors";
    check_equal(std::system(command.c_str()), 0);
    return read_text(folder / "errors");
}

// A training that is still running when a test acts: it has finished its first epoch then.
const std::string endless =
    "train --data tiny --hidden 16 --batch-size 4 --epochs 10000000 --patience 10000000 --quiet "
    "--checkpoint-every 1 ";

void make_unfinished(const TemporaryFolder& folder, const std::string& out) {
    shell(folder, "$digits " + endless + "--out out & \n" + wait_for_checkpoint("out") +
                      "kill -TERM $!; wait $!; mkdir -p $(dirname " + out + ")\n" + "[ " + out +
                      " = out ] || mv out " + out);
}

TEST(an_unfinished_training_is_replaced_only_on_request) {
    const TemporaryFolder folder;
    make_data(folder);
    make_unfinished(folder, "out");
    const std::string before = read_text(folder / "out" / "checkpoint.safetensors");
    const std::string train = "train --data tiny --epochs 1 --quiet --out out ";
    const Result refused = digits_in(folder, train);
    check_equal(refused.exit_code, 1);
    check_contains(refused.errors, "--out out: holds an unfinished training");
    check_contains(refused.errors, "--overwrite");
    check(read_text(folder / "out" / "checkpoint.safetensors") == before);
    check_equal(digits_in(folder, train + "--overwrite").exit_code, 0);
    check(!std::filesystem::exists(folder / "out" / "checkpoint.safetensors"));
    check_equal(metric(folder, "epochs"), "1");
    check_equal(digits_in(folder, "train --resume out --overwrite").exit_code, 2);
}

TEST(an_unfinished_training_in_the_default_folder_is_moved_aside) {
    const TemporaryFolder folder;
    make_data(folder);
    for (const std::string number : {"1", "2"}) {
        make_unfinished(folder, "runs/latest");
        const std::string before = read_text(folder / "runs" / "latest" / "checkpoint.safetensors");
        const Result fresh = digits_in(folder, "train --data tiny --epochs 1 --quiet");
        check_equal(fresh.exit_code, 0);
        check_contains(fresh.errors,
                       "runs/latest held an unfinished training, which is in runs/unfinished-" +
                           number + " now");
        const std::filesystem::path aside = folder / "runs" / ("unfinished-" + number);
        check(read_text(aside / "checkpoint.safetensors") == before);
        check(std::filesystem::exists(folder / "runs" / "latest" / "metrics.json"));
        std::filesystem::remove_all(folder / "runs" / "latest");
    }
}

TEST(the_network_of_an_earlier_training_is_kept) {
    const TemporaryFolder folder;
    make_data(folder);
    const std::string train = "train --data tiny --epochs 1 --quiet --out out ";
    check_equal(digits_in(folder, train + "--seed 1").exit_code, 0);
    const std::string first = read_text(folder / "out" / "model.safetensors");
    check(!std::filesystem::exists(folder / "out" / "previous-model.safetensors"));
    check_equal(digits_in(folder, train + "--seed 2").exit_code, 0);
    check(read_text(folder / "out" / "previous-model.safetensors") == first);
    // The same training again would only replace the previous network by the same one twice.
    check_equal(digits_in(folder, train + "--seed 2").exit_code, 0);
    check(read_text(folder / "out" / "previous-model.safetensors") == first);
    write_text(folder / "out" / "model.safetensors", "notes of mine");
    check_equal(digits_in(folder, train).exit_code, 0);
    check_equal(read_text(folder / "out" / "previous-model.safetensors"), "notes of mine");
}

TEST(a_folder_where_a_training_runs_is_refused_to_others) {
    const TemporaryFolder folder;
    make_data(folder);
    const std::string errors =
        shell(folder,
              "$digits " + endless + "--out out & \n" + wait_for_checkpoint("out") +
                  "$digits train --data tiny --epochs 1 --quiet --out out; echo exit code $? >&2\n"
                  "$digits train --resume out --quiet; echo exit code $? >&2\n"
                  "kill -KILL $!; wait $! 2>/dev/null\n"
                  // The lock of a killed program is free.
                  "$digits train --data tiny --epochs 1 --quiet --overwrite --out out\n");
    check_contains(errors, "digits: error: --out out: a training is running there (since 2");
    check_contains(errors, "choose a different folder with --out\nexit code 1\ndigits: error");
    check_equal(metric(folder, "epochs"), "1");
    check(!std::filesystem::exists(folder / "out" / "training.lock"));
}

// Each signal that ends a program leaves a checkpoint.
TEST(a_training_that_is_ended_by_a_signal_can_be_resumed) {
    const TemporaryFolder folder;
    make_data(folder);
    const std::string errors =
        shell(folder,
              "set -m\n"  // without job control, the shell lets its background jobs ignore SIGINT
              "for signal in INT TERM HUP PIPE XCPU USR1 USR2; do\n"
              "    rm -rf out; $digits " +
                  endless + "--out out &\n" + wait_for_checkpoint("out") +
                  "    rm out/checkpoint.safetensors\n"  // another follows soon, or at the signal
                  "    kill -$signal $!; wait $!\n"
                  "    echo $signal $(($? - 128 - $(kill -l $signal))) $(ls out/*.safetensors)\n"
                  "done\n");
    for (const char* signal : {"INT", "TERM", "HUP", "PIPE", "XCPU", "USR1", "USR2"}) {
        check_contains(read_text(folder / "output"),
                       signal + std::string(" 0 out/checkpoint.safetensors\n"));
    }
    check_contains(errors, "digits train --resume out");
}

TEST(signals_that_were_ignored_stay_ignored) {
    const TemporaryFolder folder;
    make_data(folder);
    // The second SIGHUP must not end what the SIGTERM has begun; neither may end the training.
    shell(folder,
          "trap '' INT HUP\n"
          "$digits " +
              endless + "--out out &\n" + wait_for_checkpoint("out") +
              "kill -INT $!; kill -HUP $!; sleep 0.3; kill -0 $! && echo alive\n"
              "kill -TERM $!; kill -INT $!; kill -HUP $!; wait $!; echo $?\n");
    check_equal(read_text(folder / "output"), "alive\n143\n");
    check(std::filesystem::exists(folder / "out" / "checkpoint.safetensors"));
}

TEST(a_reader_that_closes_the_pipe_costs_no_training) {
    const TemporaryFolder folder;
    make_data(folder);
    shell(folder,
          "$digits train --data tiny --hidden 16 --batch-size 4 --epochs 10000000 --out out "
          "| head -n 8 >/dev/null\n"
          "echo ${PIPESTATUS[0]}\n");
    check_equal(read_text(folder / "output"), "141\n");
    check(std::filesystem::exists(folder / "out" / "checkpoint.safetensors"));
}

TEST(an_interrupted_training_can_be_finished_at_once) {
    const TemporaryFolder folder;
    make_data(folder);
    make_unfinished(folder, "out");
    const TensorFile checkpoint = read_safetensors(folder / "out" / "checkpoint.safetensors");
    const Result finished = digits_in(folder, "train --resume out --finish");
    check_equal(finished.exit_code, 0);
    for (const char* file : {"model.safetensors", "metrics.json", "report.html", "steps.csv"}) {
        check(std::filesystem::exists(folder / "out" / file));
    }
    check(!std::filesystem::exists(folder / "out" / "checkpoint.safetensors"));
    // No step was taken after those of the checkpoint.
    check_equal(metric(folder, "steps"),
                std::to_string(checkpoint.find("history.steps")->shape[0]));
    check_equal(digits_in(folder, "train --finish").exit_code, 2);
}

TEST(a_training_whose_files_cannot_be_written_shows_its_result_and_saves_its_network) {
    const TemporaryFolder folder;
    make_data(folder);
    std::filesystem::create_directories(folder / "out" / "model.safetensors");
    std::filesystem::create_directories(folder / "out" / "report.html" / "not empty");
    std::filesystem::create_directories(folder / "tmp");
    const std::string errors =
        shell(folder,
              "export TMPDIR=$PWD/tmp\n"
              "$digits train --data tiny --epochs 1 --seed 3 --out out; echo exit code $? >&2\n");
    const std::string output = read_text(folder / "output");
    check_contains(output, "accuracy");
    check_equal(output.find("report.html, model.safetensors"), std::string::npos);
    check_contains(errors, "out/model.safetensors: cannot be written");
    check_contains(errors, "digits-rescued-1/model.safetensors instead.");
    check_contains(errors, "out/report.html: cannot be written");
    check_contains(errors, "exit code 1");
    check_equal(
        digits_in(folder, "evaluate tmp/digits-rescued-1/model.safetensors --data tiny").exit_code,
        0);
    check(std::filesystem::exists(folder / "out" / "metrics.json"));
}

TEST(a_folder_that_is_deleted_during_the_training_is_made_again) {
    const TemporaryFolder folder;
    make_data(folder);
    shell(folder, "$digits " + endless + "--out out &\n" + wait_for_checkpoint("out") +
                      "rm -rf out; sleep 0.2; rm -rf out; kill -TERM $!; wait $!; echo $?\n");
    check_equal(read_text(folder / "output"), "143\n");
    check_equal(digits_in(folder, "train --resume out --finish --quiet").exit_code, 0);
}

TEST(files_of_the_user_in_the_folder_stay) {
    const TemporaryFolder folder;
    make_data(folder);
    std::filesystem::create_directories(folder / "out");
    for (const char* name : {"writable", "notes.txt", "model.safetensors.part"}) {
        write_text(folder / "out" / name, "mine");
    }
    check_equal(digits_in(folder, "train --data tiny --epochs 1 --quiet --out out").exit_code, 0);
    for (const char* name : {"writable", "notes.txt", "model.safetensors.part"}) {
        check_equal(read_text(folder / "out" / name), "mine");
    }
}

TEST(a_training_without_a_known_end_does_not_demand_the_space_of_an_endless_one) {
    const TemporaryFolder folder;
    make_data(folder);
    check_equal(digits_in(folder,
                          "train --data tiny --hidden 8 --epochs 1000000000 --patience 1 "
                          "--checkpoint-every 1 --quiet --out out")
                    .exit_code,
                0);
    check(std::filesystem::exists(folder / "out" / "model.safetensors"));
}

}  // namespace
}  // namespace digits
