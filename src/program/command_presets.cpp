// `digits presets`: the experiments that can be run by name, and what each teaches.
#include <cstdio>

#include "program/command_line.h"
#include "program/commands.h"
#include "program/format.h"
#include "program/presets.h"

namespace digits {
namespace {

int run(std::span<const std::string> arguments) {
    CommandLine line("presets", std::string(presets_command.summary),
                     "Run one with digits train --preset NAME, all of them with digits reproduce.");
    if (!line.parse(arguments)) {
        std::printf("%s", line.help().c_str());
        return 0;
    }
    constexpr std::size_t indent = 4;
    std::string list =
        wrapped(text("Run one with digits train --preset NAME. All of them begin with ",
                     preset_basics, "; their own options, below, come on top."));
    for (const Preset& preset : presets()) {
        const std::string reference =
            preset.reference ? text(", reference ", fixed(*preset.reference, 1), " %") : "";
        list += text("\n", preset.name, "\n", wrapped(std::string(preset.options), indent),
                     wrapped(std::string(preset.teaches), indent),
                     wrapped(text("reported: ", preset.reported, reference), indent));
    }
    std::printf("%s", list.c_str());
    return 0;
}

}  // namespace

const Command presets_command{"presets", "lists experiments to run by name, and what each teaches",
                              run};

}  // namespace digits
