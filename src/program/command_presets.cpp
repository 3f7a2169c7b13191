// `digits presets`: the experiments that can be run by name, and what each teaches.
#include <cstdio>

#include "program/command_line.h"
#include "program/commands.h"
#include "program/format.h"
#include "program/presets.h"

namespace digits {
namespace {

constexpr std::size_t indent = 4;

std::string entry(const Preset& preset) {
    return text("\n", preset.name, "\n", wrapped(std::string(preset.options), indent),
                wrapped(std::string(preset.teaches), indent));
}

int run(std::span<const std::string> arguments) {
    CommandLine line("presets", std::string(presets_command.summary),
                     "Run one with digits train --preset NAME, all experiments with digits "
                     "reproduce and all records with digits records.");
    if (!line.parse(arguments)) {
        std::printf("%s", line.help().c_str());
        return 0;
    }
    std::string list = "Run one with digits train --preset NAME.\n\nExperiments of beginners\n" +
                       wrapped(text("All begin with ", experiment_basics,
                                    "; their own options, below, come on top."));
    for (const Preset& preset : experiments()) {
        const auto& [reported, reference] = *preset.published;
        list += entry(preset) +
                wrapped(text("reported: ", reported,
                             reference ? text(", reference ", fixed(*reference, 1), " %") : ""),
                        indent);
    }
    list += "\nRecords of this program\n";
    for (const Preset& preset : records()) list += entry(preset);
    std::printf("%s", list.c_str());
    return 0;
}

}  // namespace

const Command presets_command{"presets", "lists experiments to run by name, and what each teaches",
                              run};

}  // namespace digits
