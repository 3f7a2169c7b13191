// What may be typed behind `digits train`: a line of the input is a word.
#include <sstream>
#include <string>
#include <vector>

#include "cli/options/train_options.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // The table of options is made once: that takes fifty times as long as parsing.
    static digits::TrainOptions options;
    static digits::CommandLine command_line = digits::train_command_line(options);
    std::istringstream lines(std::string(data, data + size));
    std::vector<std::string> words;
    for (std::string line; std::getline(lines, line);) words.push_back(line);
    options = {};
    digits::testing::must_cope([&] { digits::parse_train_options(command_line, words, options); });
    return 0;
}
