// A series of trainings by name, with a table at its end: what `digits reproduce` and `digits
// records` share.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "program/command_line.h"
#include "program/data_options.h"
#include "program/presets.h"

namespace digits {

struct SeriesOptions {
    DataOptions data{};
    std::vector<std::string> only{};            // names; empty for all
    std::vector<std::filesystem::path> into{};  // files that hold the table
    std::filesystem::path out{};                // a folder for each training goes in there
};

// --data, --only, which takes one of the names, --into, between the lines with this mark, and
// --out.
void add_series_options(CommandLine& line, SeriesOptions& options,
                        const std::vector<std::string>& names, const std::string& mark);

bool is_wanted(const SeriesOptions& options, std::string_view name);

// Before minutes of training: are the pictures there, and is there a place for the table? Throws
// std::runtime_error.
void require_ready(const SeriesOptions& options, const std::string& mark);

// Prints the table and writes it where --into says.
void write_table(const SeriesOptions& options, const std::string& mark, const std::string& table);

}  // namespace digits
