// Command-line parser: one table of options drives parsing, validation and the help text.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/options/option.h"

namespace digits {

// The word in `known` with the smallest edit distance to `word` (insertions, deletions and
// replacements of letters: Levenshtein, 1965), or "" when none is close enough to be suggested.
std::string nearest(std::string_view word, std::span<const std::string> known);

class CommandLine {
public:
    // For example "train" and "trains a network ..."; `details` is a paragraph for the help.
    CommandLine(std::string command, std::string summary, std::string details = "");

    // Starts a section of the help, with this title, for the options added after it.
    void section(std::string title);
    void add(Option option);

    // Accepts operands, which are arguments that are not options, such as file names and "-", which
    // may be given once. The help shows `name`, such as "MODEL FILE..."; `words` receives them.
    void operands(std::string name, std::vector<std::string>& words);

    // Parses "--name value", "--name=value" and switches; when an option is repeated, the last one
    // counts. What follows "--" are operands, whatever they begin with. Returns false when help was
    // requested. Throws UsageError.
    bool parse(std::span<const std::string> arguments);

    // Whether this option was given to the last parse().
    bool given(std::string_view name) const;

    std::string help() const;

private:
    struct Section {
        std::string title;
        std::vector<Option> options;
    };

    const Option& find(const std::string& name) const;

    std::string command_;
    std::string summary_;
    std::string details_;
    std::vector<Section> sections_;
    std::vector<std::string> given_;
    std::string operand_name_;
    std::vector<std::string>* operands_ = nullptr;  // null: none are accepted
};

}  // namespace digits
