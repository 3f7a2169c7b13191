// What a user may type after the name of a command: one table gives parsing, checks and help.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/options/option.h"

namespace digits {

// The one of `known` that is nearest to `word` by insertions, deletions and replacements of letters
// (Levenshtein, 1965), or "" when none is near enough to have been meant.
std::string nearest(std::string_view word, std::span<const std::string> known);

class CommandLine {
public:
    // "train", "trains a network ..."; `details` is a paragraph for the help.
    CommandLine(std::string command, std::string summary, std::string details = "");

    // A heading of the help, for the options that follow.
    void section(std::string title);
    void add(Option option);

    // Takes words that are no options, such as files: `name` is how the help calls them all,
    // "MODEL FILE...", and `words` receives them. "-" is such a word.
    void operands(std::string name, std::vector<std::string>& words);

    // Goes through "--name value", "--name=value" and switches; of several the last holds. Returns
    // false when help was asked for. Throws UsageError.
    bool parse(std::span<const std::string> arguments);

    // Whether the last parse() met this option.
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
    std::vector<std::string>* operands_ = nullptr;  // null: none are taken
};

}  // namespace digits
