// Data sets whose files store images column after column, as EMNIST's do: --transpose.
#include <algorithm>
#include <string>

#include "check.h"
#include "data/data_source.h"
#include "formats/png_writer.h"
#include "formats/safetensors.h"
#include "plot/plot.h"
#include "run_program.h"
#include "temporary_folder.h"
#include "training/model_file.h"

namespace digits {
namespace {

using testing::check;
using testing::check_contains;
using testing::check_equal;
using testing::check_throws;
using testing::digits_in;
using testing::make_data;
using testing::metric;
using testing::Result;
using testing::TemporaryFolder;

constexpr const char* hint = "Note: if each image of ";

// Writes `tiny` and the same with each image stored column after column, `lying`.
void make_both(const TemporaryFolder& folder) {
    make_data(folder);
    const TrainTest data = load_folder(folder / "tiny");
    save_folder(folder / "lying", {transposed(data.train), transposed(data.test)});
}

TEST(rows_become_columns) {
    const Dataset data("two", 2, 3, 2, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, {1, 0});
    const Dataset turned = transposed(data);
    check_equal(turned.rows, 3u);
    check_equal(turned.columns, 2u);
    check(turned.pixels() == std::vector<std::uint8_t>{1, 4, 2, 5, 3, 6, 7, 10, 8, 11, 9, 12});
    check(turned.labels == data.labels);
    check(transposed(turned).pixels() == data.pixels());
}

TEST(transposed_files_train_the_same_network_as_upright_ones) {
    const TemporaryFolder folder;
    make_both(folder);
    const std::string train = "train --epochs 2 --hidden 8 --augment affine --deskew --out out ";
    check_equal(digits_in(folder, train + "--data tiny").exit_code, 0);
    const std::string hash = metric(folder, "weights_hash");
    const std::string accuracy = metric(folder, "test_accuracy");
    for (const char* same :
         {"--data lying --transpose", "--data tiny --test-data lying --transpose-test",
          "--data lying --transpose --test-data tiny"}) {
        check_equal(digits_in(folder, train + same).exit_code, 0);
        check_equal(metric(folder, "weights_hash"), hash);
        check_equal(metric(folder, "test_accuracy"), accuracy);
    }
    check_equal(read_safetensors(folder / "out" / "model.safetensors").metadata.at("transpose"),
                "yes");
    check_equal(digits_in(folder, train + "--data lying").exit_code, 0);
    check(metric(folder, "weights_hash") != hash);
    check_equal(read_safetensors(folder / "out" / "model.safetensors").metadata.count("transpose"),
                0u);
}

TEST(a_network_trained_on_transposed_files_reads_upright_images) {
    const TemporaryFolder folder;
    make_both(folder);
    check_equal(digits_in(folder,
                          "train --data lying --transpose --epochs 8 --batch-size 20 "
                          "--out out")
                    .exit_code,
                0);
    const Dataset test = load_folder(folder / "tiny").test;
    const auto seven = std::ranges::find(test.labels, 7) - test.labels.begin();
    write_png(folder / "seven.png",
              image_grid(test, std::vector{static_cast<std::size_t>(seven)}, 1));
    check_equal(digits_in(folder, "predict out/model.safetensors --brief seven.png").output,
                "seven.png: 7\n");

    // The model knows how its training data were stored; --test-data is as it says.
    const std::string accuracy =
        percent(parse_number(metric(folder, "test_accuracy")).value_or(0.0));
    for (const char* same : {"--data lying", "--data lying --transpose", "--test-data tiny",
                             "--test-data lying --transpose-test"}) {
        const Result result = digits_in(folder, str_cat("evaluate out/model.safetensors ", same));
        check_equal(result.exit_code, 0);
        check_contains(result.output, "accuracy       " + accuracy);
        check(result.output.find(hint) == std::string::npos);
    }
}

TEST(images_of_the_other_orientation_are_noticed) {
    const TemporaryFolder folder;
    make_both(folder);
    const std::string train = "train --epochs 8 --batch-size 20 --out out --data tiny --test-data ";
    check_contains(digits_in(folder, train + "lying").output, str_cat(hint, "lying is transposed"));
    check(digits_in(folder, train + "tiny").output.find(hint) == std::string::npos);
    // A network that knows nothing yet does not know the orientation either.
    check(digits_in(folder, "train --steps 1 --hidden 8 --data tiny --out new").output.find(hint) ==
          std::string::npos);
    const Result other = digits_in(folder, "evaluate out/model.safetensors --data lying");
    check_contains(other.output, str_cat(hint, "lying is transposed, the accuracy is "));
    check_contains(other.output, "--transpose-test");
}

TEST(transposed_images_are_shown_upright) {
    const TemporaryFolder folder;
    make_both(folder);
    for (const char* what : {"--index 3", "--index 3 --test", "--index 3 --augment elastic"}) {
        const auto shown = [&](const char* data) {
            const std::string output = digits_in(folder, str_cat("show ", data, " ", what)).output;
            return output.substr(0, output.rfind(", image 3: ") - 5);  // without the name
        };
        check_equal(shown("--data lying --transpose"), shown("--data tiny"));
        check(shown("--data lying") != shown("--data tiny"));
    }
}

TEST(only_files_that_were_named_are_transposed) {
    const TemporaryFolder folder;
    const auto refused = [&](const char* words, const char* why) {
        const Result result = digits_in(folder, words);
        check_equal(result.exit_code, 2);
        check_contains(result.errors, why);
    };
    refused("show --transpose", "--transpose needs --data DIR");
    refused("train --transpose --data drawn", "--transpose needs --data DIR");
    refused("train --transpose-test", "--transpose-test needs --test-data DIR");
    refused("train --transpose-test --test-data drawn", "--transpose-test needs --test-data DIR");
    refused("bench --transpose", "--transpose needs --data DIR");
    refused("gradient-check --transpose", "--transpose needs --data DIR");
}

}  // namespace
}  // namespace digits
