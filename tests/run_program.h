// Runs the program `digits` in a temporary folder and captures its output.
#pragma once

#include <cstdlib>
#include <string>
#include <vector>

#include "check.h"
#include "cli/shell_command.h"
#include "data/dataset.h"
#include "data/synthetic/synthesize.h"
#include "places.h"
#include "temporary_folder.h"

namespace digits::testing {

struct Result {
    int exit_code = -1;
    std::string output;  // standard output
    std::string errors;  // standard error
};

// Runs a shell command with `folder` as the working directory.
inline Result shell_in(const TemporaryFolder& folder, const std::string& command) {
    const std::string output = (folder / "stdout").string(), errors = (folder / "stderr").string();
    const int status = std::system(("cd '" + folder.path().string() + "' && " + command + " >'" +
                                    output + "' 2>'" + errors + "'")
                                       .c_str());
    // The exit code is in the second byte of what POSIX systems return.
    return {status >> 8, read_text(output), read_text(errors)};
}

// `digits`, as the first word of a shell command, which is how its own hints name it.
inline std::string digits_program() {
    return shell_word((build_folder() / "digits").string());
}

// Whether there is a compiler called c++ that knows C++20.
inline bool has_compiler() {
    return std::system("c++ -std=c++20 -fsyntax-only -x c++ /dev/null 2>/dev/null") == 0;
}

// Runs `build/digits words` with `folder` as the working directory.
inline Result digits_in(const TemporaryFolder& folder, const std::string& words) {
    return shell_in(folder, digits_program() + " " + words);
}

// A shell command that waits until a training in `folder` has written a checkpoint, for a minute at
// most.
inline std::string wait_for_checkpoint(const std::string& folder) {
    return "for i in $(seq 600); do [ -e " + folder +
           "/checkpoint.safetensors ] && break; sleep 0.1; done\n";
}

// Writes a data set of 420 training and 80 test digits to `folder`/tiny.
inline void make_data(const TemporaryFolder& folder) {
    const Dataset all = synthesize(500, 7);
    std::vector<std::size_t> training, test;
    for (std::size_t i = 0; i < all.size(); ++i) (i < 420 ? training : test).push_back(i);
    save_folder(folder / "tiny", {subset(all, training), subset(all, test)});
}

// The value of a member of out/metrics.json, as text.
inline std::string metric(const TemporaryFolder& folder, const std::string& name) {
    const std::string json = read_text(folder / "out" / "metrics.json");
    const std::string key = "\n  \"" + name + "\": ";
    const std::size_t start = json.find(key);
    check(start != std::string::npos);
    const std::size_t value = start + key.size();
    return json.substr(value, json.find_first_of(",\n", value) - value);
}

// From the first occurrence of `from` to the next one of `to`.
inline std::string between(const std::string& text, const std::string& from,
                           const std::string& to) {
    const std::size_t begin = text.find(from);
    check(begin != std::string::npos);
    return text.substr(begin, text.find(to, begin) - begin);
}

// Trains a network in `out` that classifies the test digits of `tiny` well.
inline void train_in(const TemporaryFolder& folder, const std::string& more = "") {
    make_data(folder);
    const Result result =
        digits_in(folder, "train --data tiny --epochs 8 --batch-size 20 --out out" + more);
    check_equal(result.exit_code, 0);
}

}  // namespace digits::testing
