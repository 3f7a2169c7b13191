#include "program/data_options.h"

#include "data/synthetic.h"

namespace digits {
namespace {

constexpr const char* mnist_folder = "data/mnist";  // where `make mnist` puts it
constexpr const char* no_folder = "drawn";          // what --data says instead of one

}  // namespace

void add_data_option(CommandLine& line, DataOptions& options) {
    Option data = path_option("--data", "DIR",
                              text("folder with four IDX files, plain or .gz, or `", no_folder,
                                   "` for digits that the program draws"),
                              options.folder);
    data.otherwise = text("data/mnist; when it is not there, ", no_folder);
    line.add(std::move(data));
}

void add_test_options(CommandLine& line, DataOptions& options) {
    Option test = path_option("--test-data", "DIR", "test on another folder's test pictures",
                              options.test_folder);
    test.otherwise = "those of --data";
    line.add(std::move(test));
    Option split = real_option("--split", "F",
                               "pool training and test pictures, shuffle them, train on this share "
                               "and test on the rest",
                               options.split, 0.0, 1.0, Ends::open);
    split.otherwise = "as the files are";
    line.add(std::move(split));
}

TrainTest draw_digits(std::size_t training, std::size_t test, std::uint64_t seed) {
    const Dataset all = synthesize(training + test, seed);
    std::vector<std::size_t> indices(all.size());
    for (std::size_t i = 0; i < indices.size(); ++i) indices[i] = i;
    const std::span<const std::size_t> everyone = indices;
    return {subset(all, everyone.first(training)), subset(all, everyone.subspan(training))};
}

bool draws_digits(const DataOptions& options) {
    if (options.folder.empty()) return !std::filesystem::exists(mnist_folder);
    return options.folder == no_folder;
}

TrainTest load_data(const DataOptions& options, Random& random) {
    if (options.split > 0.0 && !options.test_folder.empty()) {
        throw UsageError("--split and --test-data exclude each other: both say what to test on");
    }
    TrainTest data = draws_digits(options)
                         ? draw_digits(drawn_training_digits, drawn_test_digits, drawn_digits_seed)
                         : load_folder(options.folder.empty() ? mnist_folder : options.folder);
    if (options.split > 0.0) return split(pool(data), options.split, random);
    if (!options.test_folder.empty()) data.test = load_test(options.test_folder, data.train);
    return data;
}

}  // namespace digits
