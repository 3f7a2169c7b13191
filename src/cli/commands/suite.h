// Suites: options and output shared by `digits reproduce` and `digits records`, which train a list
// of presets and tabulate the results.
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
    std::vector<std::filesystem::path> into{};  // files in which to replace the table
    std::filesystem::path out{};                // parent folder of the runs
};

// Adds --data, --only (which takes one of the names), --into (`mark` is the name of the generated
// section) and --out.
void add_suite_options(CommandLine& line, SuiteOptions& options,
                       const std::vector<std::string>& names, const std::string& mark);

bool is_wanted(const SuiteOptions& options, std::string_view name);

// Checks before minutes of training that the images exist and that the files of --into have their
// generated section. Throws std::runtime_error.
void require_ready(const SuiteOptions& options, const std::string& mark);

// Prints the table and writes it into the files of --into.
void write_table(const SuiteOptions& options, const std::string& mark, const std::string& table);

}  // namespace digits
