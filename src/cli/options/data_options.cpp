#include "cli/options/data_options.h"

namespace digits {

void add_data_option(CommandLine& line, DataSource& options) {
    Option data = path_option("--data", "DIR",
                              str_cat("folder with four IDX files, plain or .gz, or `",
                                      drawn_digits, "` for synthetic digits drawn by the program"),
                              options.folder);
    data.default_text = str_cat("data/mnist; if it is missing, ", drawn_digits);
    line.add(std::move(data));
    line.add(setting_option({"transpose",
                             "the files of --data store images column after column, as those of "
                             "EMNIST do: transpose each image",
                             &options.transpose}));
}

void add_test_options(CommandLine& line, DataSource& options) {
    Option test = path_option(
        "--test-data", "DIR",
        str_cat("test on the test images of a different folder, or `", drawn_digits, "`"),
        options.test_folder);
    test.default_text = "those of --data";
    line.add(std::move(test));
    line.add(setting_option(
        {"transpose_test", "transpose the images of --test-data", &options.transpose_test}));
    line.add(setting_option(split_setting(options)));
}

void check_data_options(const DataSource& source) {
    if (source.transpose && (source.folder.empty() || source.folder == drawn_digits)) {
        throw UsageError(
            "--transpose needs --data DIR: the images of MNIST and drawn digits are upright");
    }
    if (source.transpose_test &&
        (source.test_folder.empty() || source.test_folder == drawn_digits)) {
        throw UsageError(
            "--transpose-test needs --test-data DIR: it is about the files of that folder");
    }
    if (source.split > 0.0 && !source.test_folder.empty()) {
        throw UsageError("--split and --test-data cannot be combined: both say what to test on");
    }
}

TrainTest load_images(const DataSource& source, Random& random) {
    if (source.split == 0.0) return load_data(source, random);
    const Dataset all = load_pooled(source);
    const std::size_t count = split_count(all.size(), source.split);
    if (count == 0 || count == all.size()) {
        throw UsageError(str_cat("--split ", source.split, " of ", all.size(), " images leaves ",
                                 "none to ", count == 0 ? "train on" : "test on"));
    }
    return split(all, source.split, random);
}

}  // namespace digits
