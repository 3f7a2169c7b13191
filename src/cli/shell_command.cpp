#include "cli/shell_command.h"

#include <algorithm>
#include <string_view>

#include "util/text.h"

namespace digits {
namespace {

std::string& program_name() {
    static std::string name = "digits";
    return name;
}

// Characters that no shell gives a meaning. A ~ has one at the beginning of a word.
bool is_harmless(char c) {
    constexpr std::string_view others = "-_./,:=@%+";
    const auto byte = static_cast<unsigned char>(c);
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           byte >= 0x80 || others.find(c) != std::string_view::npos
#ifdef _WIN32
           || c == '\\'
#endif
        ;
}

}  // namespace

void set_program_name(const std::string& name) {
    if (!name.empty()) program_name() = name;
}

std::string shell_word(const std::string& word) {
    if (!word.empty() && std::ranges::all_of(word, is_harmless)) return word;
#ifdef _WIN32
    return '"' + word + '"';  // a file name cannot contain a quote there
#else
    // Within single quotes nothing has a meaning but the quote itself, which ends them.
    std::string quoted = "'";
    for (const char c : word) {
        if (c == '\'') {
            quoted += "'\\''";
        } else {
            quoted += c;
        }
    }
    return quoted + "'";
#endif
}

std::string shell_command(std::span<const std::string> words) {
    std::string command = shell_word(program_name());
    for (const std::string& word : words) command += str_cat(" ", shell_word(word));
    return command;
}

std::string shell_command(std::initializer_list<std::string> words) {
    return shell_command(std::span(words.begin(), words.size()));
}

}  // namespace digits
