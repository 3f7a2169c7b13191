#include "formats/json.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "check.h"

namespace digits {
namespace {

using testing::check_equal;
using testing::check_throws;

std::string written(const Json& value) {
    const std::string text = value.to_text();
    check_equal(text.back(), '\n');
    return text.substr(0, text.size() - 1);
}

TEST(numbers_are_as_short_as_possible_and_read_back_the_same) {
    check_equal(written(0.1), "0.1");
    check_equal(written(0.1f), "0.1");  // not 0.10000000149, its value as a double
    check_equal(written(1.0 / 3.0), "0.3333333333333333");
    check_equal(written(0.0), "0");
    check_equal(written(-0.0), "-0");
    check_equal(written(100000.0), "100000");
    check_equal(written(0.0001), "0.0001");
    check_equal(written(-2.5e-7), "-2.5e-07");
    check_equal(written(1e300), "1e+300");
    check_equal(written(9007199254740993.0), "9007199254740992");
    for (const double value : {0.1 + 0.2, 5e-324, 1.7976931348623157e308, 123456.789e-12}) {
        check_equal(parse_number(written(value)).value_or(-1.0), value);
    }
}

TEST(integers_are_exact_at_both_ends) {
    check_equal(written(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
    check_equal(written(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
    check_equal(written(std::uint8_t{65}), "65");
}

TEST(nan_and_infinity_become_null) {
    check_equal(written(std::numeric_limits<double>::quiet_NaN()), "null");
    check_equal(written(std::numeric_limits<double>::infinity()), "null");
    check_equal(written(-std::numeric_limits<float>::infinity()), "null");
    check_equal(written(nullptr), "null");
}

TEST(booleans_are_not_numbers_and_strings_are_not_booleans) {
    check_equal(written(true), "true");
    check_equal(written(false), "false");
    check_equal(written("no"), "\"no\"");
}

TEST(strings_escape_special_characters_and_keep_utf8) {
    check_equal(written("say \"hi\" \\ bye"), "\"say \\\"hi\\\" \\\\ bye\"");
    check_equal(written(std::string("a\nb\tc\x1f\0d", 8)), "\"a\\u000ab\\u0009c\\u001f\\u0000d\"");
    check_equal(written("Größe 数 ✎"), "\"Größe 数 ✎\"");
    check_equal(written("</script>\x7f"), "\"</script>\x7f\"");
    check_equal(written(""), "\"\"");
}

TEST(objects_keep_their_order_and_small_values_stay_on_one_line) {
    Json run = Json::object();
    run.set("seed", 42).set("accuracy", 0.98).set("layers", Json::array({784, 128, 10}));
    run.set("none", Json::array()).set("empty", Json::object()).set("a\"b", nullptr);
    check_equal(run.to_text(),
                "{\"seed\": 42, \"accuracy\": 0.98, \"layers\": [784, 128, 10], \"none\": [], "
                "\"empty\": {}, \"a\\\"b\": null}\n");
}

TEST(values_too_long_for_a_line_are_indented_by_two_spaces) {
    Json epochs = Json::array();
    for (int epoch = 1; epoch <= 3; ++epoch) {
        epochs.add(Json::object().set("epoch", epoch).set("loss", 0.5 / epoch).set("best", true));
    }
    const std::vector<std::vector<int>> matrix(2, std::vector<int>(30, 7));
    Json rows = Json::array();
    for (const std::vector<int>& row : matrix) rows.add(Json::array(row));
    Json run = Json::object();
    run.set("epochs", epochs).set("rows", rows).set("seed", 1);
    check_equal(run.to_text(), R"({
  "epochs": [
    {"epoch": 1, "loss": 0.5, "best": true},
    {"epoch": 2, "loss": 0.25, "best": true},
    {"epoch": 3, "loss": 0.16666666666666666, "best": true}
  ],
  "rows": [
    [7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7],
    [7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7]
  ],
  "seed": 1
}
)");
}

TEST(no_line_is_longer_than_100_columns_if_it_can_be_broken) {
    // Member "a" takes two columns of indentation, five for its key, four for brackets and quotes
    // and one for the comma after it: 88 characters fill the line exactly.
    const auto lines_with = [](std::size_t characters) {
        Json both = Json::object();
        both.set("a", Json::array({std::string(characters, 'x')})).set("b", std::string(60, 'y'));
        const std::string text = both.to_text();
        return std::count(text.begin(), text.end(), '\n');
    };
    check_equal(lines_with(88), 4);
    check_equal(lines_with(89), 6);
}

TEST(members_go_into_objects_and_elements_into_arrays) {
    check_throws([] { Json::array().set("key", 1); }, "needs an object");
    check_throws([] { Json::object().add(1); }, "needs an array");
    check_throws([] { Json(5).add(1); }, "needs an array");
    check_throws([] { Json::object().set("key", 1).set("key", 2); }, "duplicate key \"key\"");
}

TEST(bytes_that_are_not_utf8_are_written_as_replacement_characters) {
    check_equal(Json::object().set("caf\xe9", "na\xefve").to_line(),
                "{\"caf\xef\xbf\xbd\": \"na\xef\xbf\xbdve\"}");
}

}  // namespace
}  // namespace digits
