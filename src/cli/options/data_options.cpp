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

TrainTest load_for_options(const DataSource& source, Random& random) {
    if (source.split == 0.0) return load_data(source, random);
    DataSource files = source;
    files.split = 0.0;
    const Dataset all = concatenate(load_data(files, random));
    const std::size_t kept = split_count(all.size(), source.split);
    if (kept == 0 || kept == all.size()) {
        throw UsageError(str_cat("--split ", source.split, " of ", all.size(),
                                 " images leaves none to ", kept == 0 ? "train on" : "test on"));
    }
    return split(all, source.split, random);
}

void check_test_options(const DataSource& source) {
    if (source.split > 0.0 && !source.test_folder.empty()) {
        throw UsageError("--split and --test-data cannot be combined: both say what to test on");
    }
}

}  // namespace digits
