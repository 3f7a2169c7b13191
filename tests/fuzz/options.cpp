// Fuzzes the arguments of `digits train`: each line of the input is one argument.
#include <sstream>
#include <string>
#include <vector>

#include "cli/options/train_options.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // The option table is built only once: that takes fifty times as long as parsing.
    static digits::TrainOptions options;
    static digits::CommandLine command_line = digits::train_command_line(options);
    std::istringstream lines(std::string(data, data + size));
    std::vector<std::string> arguments;
    for (std::string line; std::getline(lines, line);) arguments.push_back(line);
    options = {};
    digits::testing::must_cope(
        [&] { digits::parse_train_options(command_line, arguments, options); });
    return 0;
}
