// `digits train`: trains a network, tests it, and leaves the results in a folder.
#include <cstdio>

#include "program/commands.h"
#include "program/open_file.h"
#include "program/resume.h"
#include "program/training_run.h"

namespace digits {
namespace {

int run(std::span<const std::string> arguments) {
    TrainOptions options;
    CommandLine line = train_command_line(options);
    if (!parse_train_options(line, arguments, options)) {
        std::printf("%s", line.help().c_str());
        return 0;
    }
    Beginning beginning{{arguments.begin(), arguments.end()}, {}};
    const bool open = options.open;
    if (!options.resume.empty()) {
        if (line.given("--out")) {
            throw UsageError(
                "--resume and --out exclude each other: a training stays in its folder");
        }
        Resumption resumption = read_resumption(options.resume, arguments);
        beginning = {std::move(resumption.arguments), std::move(resumption.checkpoint)};
        options = std::move(resumption.options);
    }
    run_training(options, &beginning);
    if (open) {
        const std::filesystem::path report = options.out / "report.html";
        if (!options.quiet) std::printf("%s\n", report.string().c_str());
        std::fflush(stdout);
        open_file(report);
    }
    return 0;
}

}  // namespace

const Command train_command{"train", "trains a network and reports how well it reads", run};

}  // namespace digits
