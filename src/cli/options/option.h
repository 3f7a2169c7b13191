// The kinds of options: a whole number, a choice, a list ... each stores into one variable.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "util/require.h"

namespace digits {

// Something typed that makes no sense. The program prints what() and ends with exit code 2.
class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct Option {
    std::string name;   // "--epochs"
    std::string value;  // what follows, as the help calls it: "N"; empty for a switch
    std::string help;
    std::string otherwise;  // what holds when the option is not given, for the help
    // Stores the value where it belongs; throws UsageError that says what is allowed.
    std::function<void(const std::string& value)> store;
    std::string implied{};  // if not empty, the value may be left out, and is this then
};

// "one, two or three"
std::string alternatives(std::span<const std::string_view> names);

// The options below each describe one variable: they store into it, and what it holds when the
// option is made is shown as the default, unless `otherwise` says something else.

// A whole number of at least `least`.
Option whole_option(std::string name, std::string value, std::string help, std::size_t& variable,
                    std::size_t least = 0);
// Any whole number of 64 bits.
Option seed_option(std::string name, std::string help, std::uint64_t& variable);
// A number in [low, high], (low, high) or [low, high). Infinity is never one.
enum class Interval { closed, open, right_open };
Option real_option(std::string name, std::string value, std::string help, double& variable,
                   double low, double high, Interval ends);
// Whole numbers of at least 1, with commas between; "none" for an empty list.
Option list_option(std::string name, std::string value, std::string help,
                   std::vector<std::size_t>& variable);
Option path_option(std::string name, std::string value, std::string help,
                   std::filesystem::path& variable);
Option switch_option(std::string name, std::string help, bool& variable);

// The place of `value` in `names`; throws UsageError that lists them.
std::size_t find_choice(const std::string& option, const std::string& value,
                        std::span<const std::string_view> names);

// The value of the enumeration whose name stands at its place in `names`.

template <class Enumeration>
Option choice_option(std::string name, std::string help, Enumeration& variable,
                     std::span<const std::string_view> names) {
    std::string values;
    for (const std::string_view choice : names) {
        if (!values.empty()) values += "|";
        values += choice;
    }
    return {name, values, std::move(help), std::string(names[static_cast<std::size_t>(variable)]),
            [&variable, name, names](const std::string& value) {
                variable = static_cast<Enumeration>(find_choice(name, value, names));
            }};
}

}  // namespace digits
