#include "cli/options/data_options.h"

namespace digits {

void add_data_option(CommandLine& line, DataSource& options) {
    Option data = path_option("--data", "DIR",
                              str_cat("folder with four IDX files, plain or .gz, or `",
                                      drawn_digits, "` for synthetic digits drawn by the program"),
                              options.folder);
    data.default_text = str_cat("data/mnist; if it is missing, ", drawn_digits);
    line.add(std::move(data));
}

void add_test_options(CommandLine& line, DataSource& options) {
    Option test = path_option("--test-data", "DIR", "test on the test images of a different folder",
                              options.test_folder);
    test.default_text = "those of --data";
    line.add(std::move(test));
    line.add(setting_option(split_setting(options)));
}

void check_test_options(const DataSource& source) {
    if (source.split > 0.0 && !source.test_folder.empty()) {
        throw UsageError("--split and --test-data cannot be combined: both say what to test on");
    }
}

}  // namespace digits
