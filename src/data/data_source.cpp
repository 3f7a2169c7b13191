#include "data/data_source.h"

#include <span>
#include <system_error>
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
    std::error_code ignored;
    if (source.folder.empty()) return !std::filesystem::exists(mnist_folder, ignored);
    return source.folder == drawn_digits;
}

Dataset load_part(const DataSource& source, Part part) {
    require(source.split == 0.0, "load_part: the parts of a split are loaded together");
    const bool is_other = part == Part::test && !source.test_folder.empty();
    if (is_other ? source.test_folder == drawn_digits : draws_digits(source)) {
        return part == Part::training
                   ? draw_digits(drawn_training_digits, 0, drawn_digits_seed).train
                   : draw_digits(drawn_training_digits, drawn_test_digits, drawn_digits_seed).test;
    }
    std::filesystem::path folder = is_other ? source.test_folder : source.folder;
    if (folder.empty()) folder = mnist_folder;
    const Dataset data = load_part(folder, part);
    return (is_other ? source.transpose_test : source.transpose) ? transposed(data) : data;
}

Dataset load_pooled(const DataSource& source) {
    require(source.test_folder.empty(),
            "load_data: a split and a test folder cannot be combined: both say what to test on");
    DataSource whole = source;
    whole.split = 0.0;
    if (draws_digits(whole)) {
        return concatenate(
            draw_digits(drawn_training_digits, drawn_test_digits, drawn_digits_seed));
    }
    // A class may occur in one part only: the split distributes it over both.
    TrainTest data{load_part(whole, Part::training), load_part(whole, Part::test)};
    require_same_image_size(data.test, data.train);
    return concatenate(data);
}

TrainTest load_data(const DataSource& source, Random& random) {
    if (source.split > 0.0) return split(load_pooled(source), source.split, random);
    if (draws_digits(source) && source.test_folder.empty()) {
        return draw_digits(drawn_training_digits, drawn_test_digits, drawn_digits_seed);
    }
    TrainTest data{load_part(source, Part::training), load_part(source, Part::test)};
    match_classes(data.test, data.train);
    return data;
}

}  // namespace digits
