#include "cli/options/option.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include "util/text.h"

namespace digits {
namespace {

[[noreturn]] void reject(const std::string& option, const std::string& allowed,
                         const std::string& found) {
    throw UsageError(str_cat(option, " takes ", allowed, ", not '", found, "'"));
}

// Parses a whole number. Returns false unless the whole word is one: "12x" is not.
template <class Whole>
bool parse_whole(const std::string& word, Whole& number) {
    const char* const end = word.data() + word.size();
    const auto [stopped, error] = std::from_chars(word.data(), end, number);
    return error == std::errc{} && stopped == end && !word.empty();
}

// A decimal number, such as 0.5, .5, -2 or 1e-3; no blanks, hexadecimal numbers or words.
bool parse_real(const std::string& word, double& number) {
    if (word.find_first_not_of("0123456789.eE+-") != std::string::npos) return false;
    const std::optional<double> parsed = parse_number(word);
    if (parsed) number = *parsed;
    return parsed && std::isfinite(number);
}

std::string joined(const std::vector<std::size_t>& list) {
    std::string words;
    for (const std::size_t number : list) words += str_cat(words.empty() ? "" : ",", number);
    return words;
}

// Fills in the members that depend on the type of the setting: value, default_text and store.
struct OptionMaker {
    Option& option;
    Bounds bounds;

    void operator()(bool* variable) const {
        option.store = [variable](const std::string&) { *variable = true; };
    }
    void operator()(std::size_t* variable) const {
        option.value = std::string(1, 'N');
        option.default_text = std::to_string(*variable);
        option.store = [variable, allowed = bounds, name = option.name](const std::string& word) {
            std::size_t number = 0;
            if (!parse_whole(word, number) || !allowed.contain_whole(number)) {
                reject(name, "a whole number " + allowed.whole_text(), word);
            }
            *variable = number;
        };
    }
    void operator()(double* variable) const {
        option.value = std::string(1, 'F');
        option.default_text = str_cat(*variable);
        option.store = [variable, allowed = bounds, name = option.name](const std::string& word) {
            double number = 0.0;
            if (!parse_real(word, number) || !allowed.contain(number)) {
                reject(name, allowed.text(), word);
            }
            *variable = number;
        };
    }
    void operator()(std::vector<std::size_t>* variable) const {
        option.value = "N,N,...";
        option.default_text = joined(*variable);
        option.store = [variable, allowed = bounds, name = option.name](const std::string& list) {
            variable->clear();
            for (std::size_t begin = 0; list != "none" && begin <= list.size();) {
                const std::size_t comma = std::min(list.find(',', begin), list.size());
                std::size_t number = 0;
                if (!parse_whole(list.substr(begin, comma - begin), number) ||
                    !allowed.contain_whole(number)) {
                    reject(name,
                           str_cat("whole numbers ", allowed.whole_text(),
                                   ", separated by commas, or none"),
                           list);
                }
                variable->push_back(number);
                begin = comma + 1;
            }
        };
    }
    void operator()(const Choice& choice) const {
        for (const std::string_view name : choice.names) {
            option.value += str_cat(option.value.empty() ? "" : "|", name);
        }
        option.default_text = choice.names[choice.get(choice.variable)];
        option.store = [choice, name = option.name](const std::string& word) {
            const auto found = std::ranges::find(choice.names, word);
            if (found == choice.names.end()) reject(name, alternatives(choice.names), word);
            choice.set(choice.variable, static_cast<std::size_t>(found - choice.names.begin()));
        };
    }
};

}  // namespace

std::string alternatives(std::span<const std::string_view> names) {
    std::string list;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0) list += i + 1 < names.size() ? ", " : " or ";
        list += names[i];
    }
    return list;
}

Option setting_option(const Setting& setting) {
    std::string name = str_cat("--", setting.name);
    std::ranges::replace(name, '_', '-');
    Option option{std::move(name), "", std::string(setting.help), "", {}};
    std::visit(OptionMaker{option, setting.bounds}, setting.value);
    if (!setting.default_text.empty() || setting.zero_means_none) {
        option.default_text = setting.default_text;
    }
    return option;
}

Option seed_option(std::string name, std::string help, std::uint64_t& variable) {
    return {name, "N", std::move(help), std::to_string(variable),
            [&variable, name](const std::string& word) {
                if (!parse_whole(word, variable)) reject(name, "a whole number below 2^64", word);
            }};
}

Option path_option(std::string name, std::string value, std::string help,
                   std::filesystem::path& variable) {
    return {name, std::move(value), std::move(help), variable.string(),
            [&variable, name](const std::string& word) {
                if (word.empty()) reject(name, "the name of a folder or file", word);
                variable = word;
            }};
}

}  // namespace digits
