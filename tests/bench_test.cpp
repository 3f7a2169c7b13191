// `digits bench`: that its tables and its JSON are complete and agree with themselves. How fast
// anything is, no test can say.
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "check.h"
#include "formats/json.h"
#include "lines.h"
#include "run_program.h"
#include "temporary_folder.h"

namespace digits {
namespace {

using testing::check;
using testing::check_equal;
using testing::check_near;
using testing::digits_in;
using testing::lines_of;
using testing::make_data;
using testing::Result;
using testing::TemporaryFolder;

double number(const Json& object, std::string_view key) {
    const Json* member = object.find(key);
    return member == nullptr ? -1.0 : member->as_double().value_or(-1.0);
}

TEST(the_json_of_a_benchmark_has_every_measurement) {
    const TemporaryFolder folder;
    make_data(folder);
    const Result result = digits_in(folder, "bench --data tiny --rounds 1 --json");
    check_equal(result.exit_code, 0);
    const Json json = read_json(result.output, "bench");
    const std::size_t runs = json.find("threads")->members().size();
    check(runs == 1 || runs == 2);
    check_equal(json.find("peak_flops")->members().size(), runs);
    for (const char* key : {"processor", "instructions", "compiler"}) {
        check(!json.find(key)->string()->empty());
    }
    check_equal(*json.find("dataset")->string(), "tiny");

    // A cube, and three products for each layer; the first layer is in both networks.
    const auto products = json.find("products")->members();
    check_equal(products.size(), 16u);
    for (const auto& [key, product] : products) {
        check(number(product, "M") * number(product, "N") * number(product, "K") > 0.0);
        check_equal(product.find("flops")->members().size(), runs);
        for (const auto& [no_key, flops] : product.find("flops")->members()) {
            check(*flops.as_double() > 1e6);
        }
    }

    const auto epochs = json.find("epochs")->members();
    check_equal(epochs.size(), 2 * runs);
    for (std::size_t i = 0; i < epochs.size(); ++i) {
        const Json& epoch = epochs[i].second;
        double sum = 0.0;
        for (const char* part : {"gather", "forward", "loss", "backward", "optimizer"}) {
            check(number(epoch, part) > 0.0);
            sum += number(epoch, part);
        }
        check_near(number(epoch, "seconds"), sum, 1e-12);
        // An image costs two operations for each weight in the forward pass, two for its gradient,
        // and two for the gradient of each input but those of the first layer: 420 images of them.
        check_equal(*epoch.find("network")->string(),
                    i < runs ? "784-128-64-10" : "784-512-512-10");
        check_equal(number(epoch, "operations"),
                    i < runs ? 420 * 2.0 * (2 * (784 * 128) + 3 * (128 * 64 + 64 * 10))
                             : 420 * 2.0 * (2 * (784 * 512) + 3 * (512 * 512 + 512 * 10)));
    }
}

// As atof() reads it, but in any locale.
double first_number(const std::string& text) {
    const std::size_t begin = text.find_first_not_of(' ');
    const std::size_t end = text.find_first_not_of("0123456789.", begin);
    return parse_number(text.substr(begin, end - begin)).value_or(-1.0);
}

TEST(the_tables_of_a_benchmark_are_aligned_and_their_percentages_right) {
    const TemporaryFolder folder;
    make_data(folder);
    const Result result = digits_in(folder, "bench --data tiny --rounds 1");
    check_equal(result.exit_code, 0);
    const std::vector<std::string> lines = lines_of(result.output);
    // The machine; a heading, the peak and 16 products; two headings and the networks.
    const bool has_one_core = lines[2].find("thread") == lines[2].rfind("thread");
    check_equal(lines.size(), has_one_core ? 25u : 27u);
    check(lines[0].ends_with("; tiny"));
    check(lines[2].starts_with("product, GFLOP/s    "));
    check(lines[3].starts_with("peak, in registers  "));
    check_equal(lines[21], "epoch of 420 images, SGD, batches of 128, in seconds");
    const double peak = first_number(lines[3].substr(28));
    for (std::size_t i = 2; i < 20; ++i) {
        check_equal(lines[i].size(), lines[2].size());
        if (i < 4) continue;
        // One thread: GFLOP/s with one decimal and a whole percentage.
        const double speed = first_number(lines[i].substr(28, 10));
        const double percentage = first_number(lines[i].substr(38));
        check_near(percentage, 100 * speed / peak, 0.51 + 5 * (1 + speed / peak) / peak);
        check_equal(lines[i].substr(43, 2), " %");
    }
    for (std::size_t i = 22; i < lines.size(); ++i) check_equal(lines[i].size(), 88u);
}

}  // namespace
}  // namespace digits
