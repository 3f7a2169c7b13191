// `digits presets`: lists the named settings of `digits train --preset`, and what each teaches.
#include "cli/options/presets.h"

#include <cstdio>

#include "cli/commands/commands.h"
#include "cli/options/command_line.h"
#include "cli/shell_command.h"
#include "util/text.h"

namespace digits {
namespace {

constexpr std::size_t indent = 4;

std::string entry(const Preset& preset) {
    return str_cat("\n", preset.name, "\n", wrapped(std::string(preset.options), indent),
                   wrapped(std::string(preset.teaches), indent));
}

int run(std::span<const std::string> arguments) {
    CommandLine line("presets", std::string(presets_command.summary),
                     str_cat("Run one with ", shell_command({"train"}),
                             " --preset NAME, all experiments with ", shell_command({"reproduce"}),
                             ", and all records with ", shell_command({"records"}), "."));
    if (!line.parse(arguments)) {
        std::printf("%s", line.help().c_str());
        return 0;
    }
    std::string list = str_cat("Run one with ", shell_command({"train"}),
                               " --preset NAME.\n\nExperiments by beginners\n") +
                       wrapped(str_cat("All share ", experiment_basics,
                                       ", unless their own options, below, say otherwise."));
    for (const Preset& preset : experiment_presets()) {
        const auto& [reported, reference] = *preset.published;
        list +=
            entry(preset) +
            wrapped(str_cat("reported: ", reported,
                            reference ? str_cat(", reference ", format_fixed(*reference, 1), " %")
                                      : ""),
                    indent);
    }
    list += "\nRecords of this program\n";
    for (const Preset& preset : record_presets()) list += entry(preset);
    std::printf("%s", list.c_str());
    return 0;
}

}  // namespace

const Command presets_command{"presets", "lists experiments to run by name, and what each teaches",
                              run};

}  // namespace digits
