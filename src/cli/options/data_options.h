// Data options: --data, --test-data and --split, which say what images a command uses.
#pragma once

#include "cli/options/command_line.h"
#include "data/data_source.h"

namespace digits {

void add_data_option(CommandLine& line, DataSource& source);
void add_test_options(CommandLine& line, DataSource& source);

// Throws UsageError when two of these options contradict each other.
void check_test_options(const DataSource& source);

}  // namespace digits
