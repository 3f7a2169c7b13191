// Command-line options: each parses its value into one variable or reports which values are
// allowed.
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

// An invalid command line. The program prints what() and ends with exit code 2.
class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct Option {
    std::string name;   // "--epochs"
    std::string value;  // the value's name in the help, such as "N"; empty for a switch
    std::string help;
    std::string default_text;  // the default, as the help shows it
    // Parses and stores the value; throws UsageError that says which values are allowed.
    std::function<void(const std::string& value)> store;
    std::string implicit_value{};  // if not empty, the value when it is omitted
    std::string old_name{};        // an earlier name, still accepted but not in the help
};

// "one, two or three"
std::string alternatives(std::span<const std::string_view> names);

// The option for a setting, "--learning-rate" for "learning_rate": a switch for a bool, a whole
// number, a number, a list such as 256,128 (or `none`), or one of the names of a choice. Its
// default is the current value of the setting, unless the description gives a different text.
Option setting_option(const Setting& setting);

// Takes any unsigned 64-bit number.
Option seed_option(std::string name, std::string help, std::uint64_t& variable);
Option path_option(std::string name, std::string value, std::string help,
                   std::filesystem::path& variable);

}  // namespace digits
