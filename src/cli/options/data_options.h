// Data options: --data, --test-data, --transpose and --split, which say what images a command uses.
#pragma once

#include "cli/options/command_line.h"
#include "data/data_source.h"

namespace digits {

void add_data_option(CommandLine& line, DataSource& source);
void add_test_options(CommandLine& line, DataSource& source);

// Throws UsageError when two of these options contradict each other.
void check_data_options(const DataSource& source);

// As load_data(), but throws UsageError when --split leaves one part empty.
TrainTest load_images(const DataSource& source, Random& random);

}  // namespace digits
