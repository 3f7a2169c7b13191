#include "cli/options/command_line.h"

#include <algorithm>
#include <numeric>

#include "cli/shell_command.h"
#include "util/text.h"

namespace digits {
namespace {

// The help has two columns: the option and, from this column on, its text.
constexpr std::size_t help_column = 27;

std::size_t edit_distance(std::string_view a, std::string_view b) {
    // distances[j]: edit distance between the first i letters of a and the first j letters of b.
    std::vector<std::size_t> distances(b.size() + 1);
    std::iota(distances.begin(), distances.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = distances[0];
        distances[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = distances[j];
            distances[j] = std::min({distances[j] + 1, distances[j - 1] + 1, replaced});
        }
    }
    return distances.back();
}

}  // namespace

std::string nearest(std::string_view word, std::span<const std::string> known) {
    // At most about a third of the letters may differ: "--epoch" and "--lerning-rate" are close
    // enough to an option, "--x" is not.
    std::size_t best = word.size() / 3 + 2;
    std::string found;
    for (const std::string& candidate : known) {
        // A prefix counts as near: "--batch" for "--batch-size".
        const bool is_prefix = word.size() > 3 && candidate.starts_with(word);
        // The distance is at least the difference of the lengths, so a whole page pasted by mistake
        // is rejected without comparing letters.
        const auto [shorter, longer] = std::minmax({word.size(), candidate.size()});
        if (!is_prefix && longer - shorter >= best) continue;
        const std::size_t distance = is_prefix ? 1 : edit_distance(word, candidate);
        if (distance < best) {
            best = distance;
            found = candidate;
        }
    }
    return found;
}

CommandLine::CommandLine(std::string command, std::string summary, std::string details)
    : command_(std::move(command)), summary_(std::move(summary)), details_(std::move(details)) {}

void CommandLine::section(std::string title) {
    sections_.push_back({std::move(title), {}});
}

void CommandLine::add(Option option) {
    if (sections_.empty()) section("options");
    sections_.back().options.push_back(std::move(option));
}

void CommandLine::operands(std::string name, std::vector<std::string>& words) {
    operand_name_ = std::move(name);
    operands_ = &words;
}

const Option& CommandLine::find(const std::string& name) const {
    std::vector<std::string> names;
    for (const Section& section : sections_) {
        for (const Option& option : section.options) {
            if (option.name == name || option.old_name == name) return option;
            names.push_back(option.name);
        }
    }
    const std::string suggestion = nearest(name, names);
    throw UsageError(str_cat("unknown option ", name, suggestion.empty() ? "" : "; did you mean ",
                             suggestion, suggestion.empty() ? "" : "?", " (",
                             shell_command({"help", command_}), " lists all options)"));
}

bool CommandLine::parse(std::span<const std::string> arguments) {
    given_.clear();
    if (operands_) operands_->clear();
    bool only_operands = false;  // behind "--", as with other programs
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& argument = arguments[i];
        if (!only_operands && (argument == "--help" || argument == "-h")) return false;
        if (argument == "--" && !only_operands) {
            only_operands = true;
            continue;
        }
        const bool is_operand = only_operands || argument == "-" || !argument.starts_with("-");
        if (operands_ && is_operand) {
            if (argument == "-" && std::ranges::count(*operands_, "-") > 0) {
                throw UsageError("only one of the files can be -, which is standard input");
            }
            operands_->push_back(argument);
            continue;
        }
        if (only_operands || !argument.starts_with("--")) {
            throw UsageError(str_cat("unexpected argument '", argument, "': digits ", command_,
                                     operands_ ? " takes options, which begin with --, and files; "
                                                 "a file of that name is './" +
                                                     argument + "'"
                                               : " takes only options, which begin with --"));
        }
        const std::size_t equals = argument.find('=');
        const Option& option = find(argument.substr(0, equals));
        if (option.value.empty() && equals != std::string::npos) {
            throw UsageError(option.name + " takes no value");
        }
        std::string value;
        if (equals != std::string::npos) {
            value = argument.substr(equals + 1);
        } else if (!option.value.empty()) {
            const bool is_omitted = i + 1 == arguments.size() || arguments[i + 1].starts_with("--");
            if (is_omitted && !option.implicit_value.empty()) {
                value = option.implicit_value;
            } else if (++i == arguments.size()) {
                throw UsageError(option.name + " needs a value, " + option.value);
            } else if (arguments[i].starts_with("--")) {
                throw UsageError(str_cat(option.name, " needs a value, ", option.value, ", before ",
                                         arguments[i], "; if that is its value: ", option.name, "=",
                                         arguments[i]));
            } else {
                value = arguments[i];
            }
        }
        option.store(value);
        given_.push_back(option.name);
    }
    return true;
}

bool CommandLine::given(std::string_view name) const {
    return std::ranges::find(given_, name) != given_.end();
}

std::string CommandLine::help() const {
    std::string lines =
        str_cat("digits ", command_, ": ", summary_, "\n\nusage: ", shell_command({command_}),
                sections_.empty() ? "" : " [options]", operands_ ? " " + operand_name_ : "", "\n");
    if (!details_.empty()) {
        lines += "\n";
        append_wrapped(lines, 0, details_, 0);
    }
    for (const Section& section : sections_) {
        lines += "\n" + section.title + "\n";
        for (const Option& option : section.options) {
            std::string left = "  " + option.name;
            if (!option.value.empty()) {
                left +=
                    option.implicit_value.empty() ? " " + option.value : " [" + option.value + "]";
            }
            // An option too long for its column gets a line of its own.
            if (left.size() + 2 > help_column) {
                lines += left + "\n";
                left.clear();
            }
            lines += left + std::string(help_column - left.size(), ' ');
            std::string words = option.help;
            if (!option.default_text.empty()) words += " (" + option.default_text + ")";
            append_wrapped(lines, help_column, words, help_column);
        }
    }
    return lines;
}

}  // namespace digits
