// Data options: --data, --test-data and --split, which say what images a command uses.
#pragma once

#include "cli/options/command_line.h"
#include "data/data_source.h"

namespace digits {

void add_data_option(CommandLine& line, DataSource& source);
void add_test_options(CommandLine& line, DataSource& source);

// What load_data() loads. Throws UsageError, too, when --split leaves one part empty.
TrainTest load_for_options(const DataSource& source, Random& random);

// Throws UsageError when two of these options contradict each other.
void check_test_options(const DataSource& source);

}  // namespace digits
