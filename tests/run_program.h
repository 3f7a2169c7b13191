// Runs the program `digits` in a temporary folder and captures its output.
#pragma once

#include <cstdlib>
#include <string>
#include <vector>

#include "check.h"
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

// Runs `build/digits words` with `folder` as the working directory.
inline Result digits_in(const TemporaryFolder& folder, const std::string& words) {
    const std::string output = (folder / "stdout").string(), errors = (folder / "stderr").string();
    const std::string command = "cd '" + folder.path().string() + "' && " + digits_program() + " " +
                                words + " >'" + output + "' 2>'" + errors + "'";
    const int status = std::system(command.c_str());
    // The exit code is in the second byte of what POSIX systems return.
    return {status >> 8, read_text(output), read_text(errors)};
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

}  // namespace digits::testing
