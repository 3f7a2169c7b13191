// Command-line options: each stores what was typed into one variable, or says what is allowed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "util/require.h"
#include "util/settings.h"

namespace digits {

// A command line that makes no sense. The program prints what() and ends with exit code 2.
class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct Option {
    std::string name;   // "--epochs"
    std::string value;  // what follows, as the help calls it: "N"; empty for a switch
    std::string help;
    std::string default_text;  // what holds when the option is not given, for the help
    // Stores the value where it belongs; throws UsageError that says what is allowed.
    std::function<void(const std::string& value)> store;
    std::string implicit_value{};  // if not empty, what holds when the value is left out
    std::string old_name{};        // an earlier name, still understood but not shown
};

// "one, two or three"
std::string alternatives(std::span<const std::string_view> names);

// The option of a described setting, "--learning-rate" for "learning_rate": a switch for a bool, a
// whole number, a number, a list such as 256,128 (or `none`), or one of the names of a choice. Its
// default is the value that the field has now, unless the description says something else.
Option setting_option(const Setting& setting);

// Any whole number of 64 bits.
Option seed_option(std::string name, std::string help, std::uint64_t& variable);
Option path_option(std::string name, std::string value, std::string help,
                   std::filesystem::path& variable);

}  // namespace digits
