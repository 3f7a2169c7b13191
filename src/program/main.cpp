// digits: finds the command that was typed and runs it. The only place where errors end.
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "program/command_line.h"
#include "program/commands.h"

namespace digits {
namespace {

constexpr const char* version = "1.0";

const Command* const commands[] = {&train_command, &show_command, &synthesize_command,
                                   &gradient_check_command, &bench_command};

const Command& find_command(const std::string& name) {
    std::vector<std::string> names{"help"};
    for (const Command* command : commands) {
        if (command->name == name) return *command;
        names.emplace_back(command->name);
    }
    const std::string meant = nearest(name, names);
    throw UsageError("there is no command '" + name + "'; " +
                     (meant.empty() ? "digits help lists them" : "did you mean " + meant + "?"));
}

int print_help() {
    std::printf(
        "digits: a neural network that reads handwritten digits\n\n"
        "usage: digits COMMAND [options]\n\n");
    for (const Command* command : commands) {
        std::printf("  %-16s %s\n", std::string(command->name).c_str(),
                    std::string(command->summary).c_str());
    }
    std::printf("  %-16s %s\n\nTry: digits train\n", "help COMMAND", "explains a command");
    return 0;
}

int run(const std::vector<std::string>& words) {
    const std::string first = words.empty() ? "help" : words[0];
    if (first == "--version") return std::printf("digits %s\n", version) > 0 ? 0 : 1;
    const bool help = first == "help" || first == "--help" || first == "-h";
    if (!help) return find_command(first).run(std::span(words).subspan(1));
    if (words.size() < 2) return print_help();
    const std::vector<std::string> ask_for_help{"--help"};
    return find_command(words[1]).run(ask_for_help);
}

}  // namespace
}  // namespace digits

int main(int argument_count, char** arguments) {
    try {
        return digits::run({arguments + 1, arguments + argument_count});
    } catch (const digits::UsageError& error) {
        std::fprintf(stderr, "digits: error: %s\n", error.what());
        return 2;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "digits: error: %s\n", error.what());
        return 1;
    }
}
