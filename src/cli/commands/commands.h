// The list of commands; each is implemented in its own file.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace digits {

struct Command {
    std::string_view name;
    std::string_view summary;
    // Takes the arguments after the command's name and returns the exit code. Throws UsageError
    // when the arguments are wrong, other exceptions for other errors.
    int (*run)(std::span<const std::string> arguments);
};

extern const Command train_command;
extern const Command presets_command;
extern const Command reproduce_command;
extern const Command records_command;
extern const Command sweep_command;
extern const Command evaluate_command;
extern const Command predict_command;
extern const Command show_command;
extern const Command synthesize_command;
extern const Command gradient_check_command;
extern const Command bench_command;

}  // namespace digits
