// `digits synthesize`: draws a synthetic data set and writes it as IDX files.
#include <cstdio>

#include "cli/commands/commands.h"
#include "cli/options/data_options.h"
#include "cli/terminal.h"
#include "util/text.h"

namespace digits {
namespace {

int run(std::span<const std::string> arguments) {
    std::filesystem::path out = "data/synthetic";
    std::size_t count = drawn_training_digits + drawn_test_digits;
    std::uint64_t seed = drawn_digits_seed;
    CommandLine line("synthesize", std::string(synthesize_command.summary),
                     "Six of seven digits are for training, the rest for testing. The same seed "
                     "gives the same digits on every system; the defaults give those that `digits "
                     "train` uses when MNIST is missing.");
    line.add(path_option("--out", "DIR", "folder for the four files", out));
    constexpr double most = 4294967295.0;  // the format counts images with 32 bits
    line.add(setting_option({"count", "number of digits in all", &count, {7.0, most}}));
    line.add(seed_option("--seed", "a different seed gives different digits", seed));
    if (!line.parse(arguments)) {
        std::printf("%s", line.help().c_str());
        return 0;
    }
    const std::size_t test = count / 7;
    save_folder(out, draw_digits(count - test, test, seed));
    std::printf("%s: %s training and %s test digits\n", shown_name(out.string()).c_str(),
                with_commas(count - test).c_str(), with_commas(test).c_str());
    return 0;
}

}  // namespace

const Command synthesize_command{"synthesize", "writes digits drawn by the program as IDX files",
                                 run};

}  // namespace digits
