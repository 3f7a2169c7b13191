// `digits train`: trains a network, tests it and writes the results to a folder.
#include <cstdio>

#include "cli/commands/commands.h"
#include "cli/open_in_browser.h"
#include "cli/run/resume.h"
#include "cli/run/training_run.h"
#include "cli/terminal.h"

namespace digits {
namespace {

int run(std::span<const std::string> arguments) {
    TrainOptions options;
    CommandLine line = train_command_line(options);
    if (!parse_train_options(line, arguments, options)) {
        std::printf("%s", line.help().c_str());
        return 0;
    }
    RunOrigin origin{{arguments.begin(), arguments.end()}, {}};
    const bool open = options.open;
    if (!options.resume.empty()) {
        if (line.given("--out")) {
            throw UsageError(
                "--resume and --out cannot be combined: a resumed training stays in its folder");
        }
        ResumedRun resumed = read_resumed_run(options.resume, arguments);
        origin = {std::move(resumed.arguments), std::move(resumed.checkpoint)};
        options = std::move(resumed.options);
    }
    run_training(options, &origin);
    if (open) {
        const std::filesystem::path report = options.out / "report.html";
        const std::string name = shown_name(report.string());
        if (!options.quiet) std::printf("%s\n", name.c_str());
        std::fflush(stdout);
        const std::string problem = open_file(report);
        // The training has succeeded all the same.
        if (!problem.empty()) {
            std::fprintf(stderr, "digits: %s was not opened: %s\n", printable(name).c_str(),
                         problem.c_str());
        }
    }
    return 0;
}

}  // namespace

const Command train_command{"train", train_summary, run};

}  // namespace digits
