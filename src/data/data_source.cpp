#include "data/data_source.h"

#include <span>
#include <vector>

#include "data/synthetic/synthesize.h"
#include "util/require.h"

namespace digits {

Setting split_setting(DataSource& source) {
    return {"split",
            "pool training and test images, shuffle them, train on this share and test on the rest",
            &source.split,
            {0.0, 1.0, Interval::open},
            "the split of the files",
            true};
}

TrainTest draw_digits(std::size_t training, std::size_t test, std::uint64_t seed) {
    const Dataset all = synthesize(training + test, seed);
    std::vector<std::size_t> indices(all.size());
    for (std::size_t i = 0; i < indices.size(); ++i) indices[i] = i;
    const std::span<const std::size_t> order = indices;
    return {subset(all, order.first(training)), subset(all, order.subspan(training))};
}

bool draws_digits(const DataSource& source) {
    if (source.folder.empty()) return !std::filesystem::exists(mnist_folder);
    return source.folder == drawn_digits;
}

TrainTest load_data(const DataSource& source, Random& random) {
    require(source.split == 0.0 || source.test_folder.empty(),
            "load_data: a split and a test folder cannot be combined: both say what to test on");
    TrainTest data = draws_digits(source)
                         ? draw_digits(drawn_training_digits, drawn_test_digits, drawn_digits_seed)
                         : load_folder(source.folder.empty() ? mnist_folder : source.folder);
    if (source.split > 0.0) return split(concatenate(data), source.split, random);
    if (!source.test_folder.empty()) data.test = load_test(source.test_folder, data.train);
    return data;
}

}  // namespace digits
