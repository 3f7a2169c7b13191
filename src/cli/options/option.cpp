#include "cli/options/option.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <sstream>

namespace digits {
namespace {

[[noreturn]] void refuse(const std::string& option, const std::string& allowed,
                         const std::string& found) {
    throw UsageError(str_cat(option, " takes ", allowed, ", not '", found, "'"));
}

// The whole word as a number, or nothing: "12x" is none.
template <class Whole>
bool parse_whole(const std::string& word, Whole& number) {
    const char* const end = word.data() + word.size();
    const auto [stopped, error] = std::from_chars(word.data(), end, number);
    return error == std::errc{} && stopped == end && !word.empty();
}

// Not by from_chars(): for fractions, some standard libraries still lack it.
bool parse_real(const std::string& word, double& number) {
    char* stopped = nullptr;
    number = std::strtod(word.c_str(), &stopped);
    return stopped == word.c_str() + word.size() && !word.empty() && std::isfinite(number);
}

}  // namespace

std::string alternatives(std::span<const std::string_view> names) {
    std::string list;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0) list += i + 1 < names.size() ? ", " : " or ";
        list += names[i];
    }
    return list;
}

std::size_t find_choice(const std::string& option, const std::string& value,
                        std::span<const std::string_view> names) {
    const auto found = std::ranges::find(names, value);
    if (found == names.end()) refuse(option, alternatives(names), value);
    return static_cast<std::size_t>(found - names.begin());
}

Option whole_option(std::string name, std::string value, std::string help, std::size_t& variable,
                    std::size_t least) {
    return {name, std::move(value), std::move(help), std::to_string(variable),
            [&variable, name, least](const std::string& word) {
                std::size_t number = 0;
                if (!parse_whole(word, number) || number < least) {
                    refuse(name, str_cat("a whole number of at least ", least, " and below 2^64"),
                           word);
                }
                variable = number;
            }};
}

Option seed_option(std::string name, std::string help, std::uint64_t& variable) {
    return {name, "N", std::move(help), std::to_string(variable),
            [&variable, name](const std::string& word) {
                if (!parse_whole(word, variable)) refuse(name, "a whole number below 2^64", word);
            }};
}

Option real_option(std::string name, std::string value, std::string help, double& variable,
                   double low, double high, Interval ends) {
    return {name, std::move(value), std::move(help), str_cat(variable),
            [&variable, name, low, high, ends](const std::string& word) {
                double number = 0.0;
                bool allowed = parse_real(word, number) && number >= low && number <= high;
                if (ends == Interval::open) allowed = allowed && number > low && number < high;
                if (ends == Interval::right_open) allowed = allowed && number < high;
                std::string range =
                    str_cat("a number ", ends == Interval::open ? "above " : "of at least ", low);
                range +=
                    str_cat(" and ", ends == Interval::closed && std::isfinite(high) ? "at most "
                                                                                     : "below ");
                range += std::isfinite(high) ? str_cat(high) : "infinity";
                if (!allowed) refuse(name, range, word);
                variable = number;
            }};
}

Option list_option(std::string name, std::string value, std::string help,
                   std::vector<std::size_t>& variable) {
    std::string shown;
    for (const std::size_t number : variable) {
        if (!shown.empty()) shown += ",";
        shown += str_cat(number);
    }
    return {
        name, std::move(value), std::move(help), shown, [&variable, name](const std::string& list) {
            variable.clear();
            if (list == "none") return;
            std::istringstream words(list + ",");
            for (std::string word; std::getline(words, word, ',');) {
                std::size_t number = 0;
                if (!parse_whole(word, number) || number == 0) {
                    refuse(name, "whole numbers of at least 1 with commas between, or none", list);
                }
                variable.push_back(number);
            }
        }};
}

Option path_option(std::string name, std::string value, std::string help,
                   std::filesystem::path& variable) {
    return {name, std::move(value), std::move(help), variable.string(),
            [&variable, name](const std::string& word) {
                if (word.empty()) refuse(name, "the name of a folder or file", word);
                variable = word;
            }};
}

Option switch_option(std::string name, std::string help, bool& variable) {
    return {std::move(name), "", std::move(help), "",
            [&variable](const std::string&) { variable = true; }};
}

}  // namespace digits
