// main(): runs the command that the user typed and reports its errors. The only `catch` of the
// program that ends an error.
#include <cstdio>
#include <exception>
#include <filesystem>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "cli/commands/commands.h"
#include "cli/options/command_line.h"
#include "cli/run/interrupt.h"
#include "cli/shell_command.h"
#include "cli/terminal.h"
#include "util/text.h"
#include "util/version.h"

namespace digits {
namespace {

const Command* const commands[] = {&train_command,          &evaluate_command,  &predict_command,
                                   &presets_command,        &reproduce_command, &records_command,
                                   &sweep_command,          &show_command,      &synthesize_command,
                                   &gradient_check_command, &bench_command};

const Command& find_command(const std::string& name) {
    std::vector<std::string> names{"help"};
    for (const Command* command : commands) {
        if (command->name == name) return *command;
        names.emplace_back(command->name);
    }
    if (name.starts_with("-")) {
        throw UsageError(str_cat("expected a command before the options, found ", name,
                                 "; for example: ", shell_command({"train", name})));
    }
    const std::string suggestion = nearest(name, names);
    throw UsageError("unknown command '" + name + "'; " +
                     (suggestion.empty() ? shell_command({"help"}) + " lists all commands"
                                         : "did you mean " + suggestion + "?"));
}

int print_help() {
    std::printf(
        "digits: a neural network that reads handwritten digits\n\n"
        "usage: %s COMMAND [options]\n\n",
        shell_command({}).c_str());
    for (const Command* command : commands) {
        std::printf("  %-16s %s\n", std::string(command->name).c_str(),
                    std::string(command->summary).c_str());
    }
    std::printf("  %-16s %s\n\nTry: %s\n", "help COMMAND", "explains a command",
                shell_command({"train"}).c_str());
    return 0;
}

int run(const std::vector<std::string>& words) {
    const std::string first = words.empty() ? "help" : words[0];
    const bool help = first == "help" || first == "--help" || first == "-h";
    const std::size_t most_arguments = help ? 2 : 1;
    if ((help || first == "--version") && words.size() > most_arguments) {
        throw UsageError("unexpected argument '" + words[most_arguments] + "' after " + first);
    }
    if (first == "--version") {
        std::printf("digits %s\n", version);
        return 0;
    }
    if (!help) return find_command(first).run(std::span(words).subspan(1));
    if (words.size() < 2 || words[1] == "help") return print_help();
    const std::vector<std::string> help_option{"--help"};
    return find_command(words[1]).run(help_option);
}

int not_enough_memory() {
    std::fprintf(stderr, "digits: error: not enough memory; try smaller settings\n");
    return 1;
}

}  // namespace
}  // namespace digits

int main(int argument_count, char** arguments) {
    const digits::ConsoleMode console;
    digits::ignore_file_size_signal();
    try {
        if (argument_count > 0) digits::set_program_name(arguments[0]);
        const int exit_code = digits::run({arguments + 1, arguments + argument_count});
        if (std::fflush(stdout) == 0 && !std::ferror(stdout)) return exit_code;
        std::fprintf(stderr, "digits: error: cannot write to standard output\n");
        return 1;
    } catch (const digits::UsageError& error) {
        std::fprintf(stderr, "digits: error: %s\n", digits::printable(error.what()).c_str());
        return 2;
    } catch (const digits::Interrupted& interrupted) {
        std::fprintf(stderr, "digits: %s\n", digits::printable(interrupted.what()).c_str());
        return 128 + interrupted.signal();
    } catch (const std::filesystem::filesystem_error& error) {
        const std::string path = error.path1().string(), reason = error.code().message();
        std::fprintf(stderr, "digits: error: %s: %s\n", digits::printable(path).c_str(),
                     reason.c_str());
        return 1;
    } catch (const std::bad_alloc&) {
        return digits::not_enough_memory();
    } catch (const std::length_error&) {  // of a container that could never be as long as asked
        return digits::not_enough_memory();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "digits: error: %s\n", digits::printable(error.what()).c_str());
        return 1;
    }
}
