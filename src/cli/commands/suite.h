// A series of trainings by name, with a table at its end: what `digits reproduce` and `digits
// records` share.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/options/command_line.h"
#include "cli/options/data_options.h"
#include "cli/options/presets.h"

namespace digits {

struct SuiteOptions {
    DataSource data{};
    std::vector<std::string> only{};            // names; empty for all
    std::vector<std::filesystem::path> into{};  // files that hold the table
    std::filesystem::path out{};                // a folder for each training goes in there
};

// --data, --only, which takes one of the names, --into, between the lines with this mark, and
// --out.
void add_suite_options(CommandLine& line, SuiteOptions& options,
                       const std::vector<std::string>& names, const std::string& mark);

bool is_wanted(const SuiteOptions& options, std::string_view name);

// Before minutes of training: are the images there, and is there a place for the table? Throws
// std::runtime_error.
void require_ready(const SuiteOptions& options, const std::string& mark);

// Prints the table and writes it where --into says.
void write_table(const SuiteOptions& options, const std::string& mark, const std::string& table);

}  // namespace digits
