#include <string>

#include "check.h"
#include "formats/json.h"

namespace digits {
namespace {

using testing::check;
using testing::check_equal;
using testing::check_throws;

std::string line(const std::string& text) {
    return read_json(text, "test").to_line();
}

void check_invalid(const std::string& text, std::size_t byte, const std::string& problem) {
    check_throws([&] { read_json(text, "some/file"); },
                 str_cat("some/file: invalid JSON at byte ", byte, ": ", problem));
}

TEST(written_values_read_back_the_same) {
    Json run = Json::object();
    run.set("seed", 42).set("rate", -0.1).set("layers", Json::array({784, 128, 10}));
    run.set("none", Json::array()).set("empty", Json::object()).set("a\"\\\nb", nullptr);
    run.set("Größe 数 ✎", true).set("tiny", 1e-300);
    check_equal(read_json(run.to_text(), "test").to_text(), run.to_text());
    check_equal(read_json(run.to_line(), "test").to_line(), run.to_line());
}

TEST(everything_the_grammar_allows_is_read) {
    check_equal(line(" \t\r\n[ 1 , -0.5e+3,2E-7, 0 ,true,false,null]  "),
                "[1, -0.5e+3, 2E-7, 0, true, false, null]");
    check_equal(line("{ \"a\" : { } , \"b\":[ ] }"), "{\"a\": {}, \"b\": []}");
    check_equal(*read_json("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "test").string(), "\"\\/\b\f\n\r\t");
    check_equal(*read_json("\"\\u0041\\u00e9\\u20AC\\ud83d\\ude00\"", "test").string(), "Aé€😀");
}

TEST(members_and_numbers_are_found) {
    const Json value = read_json("{\"a\": 18446744073709551615, \"b\": \"7\", \"c\": -1}", "test");
    check(value.is_object() && !value.is_array());
    check_equal(value.find("a")->as_uint().value(), 18446744073709551615u);
    check_equal(*value.find("b")->string(), "7");
    check(!value.find("b")->as_uint() && !value.find("c")->as_uint() && !value.find("a")->string());
    check(value.find("d") == nullptr && read_json("[]", "test").find("a") == nullptr);
    check(!read_json("18446744073709551616", "test").as_uint());
    check(!read_json("1.0", "test").as_uint());
    check_equal(read_json("-12.5e1", "test").as_double().value(), -125.0);
    for (const char* none : {"null", "true", "\"1\"", "[1]", "{}"}) {
        check(!read_json(none, "test").as_double());
    }
    check_equal(value.members().size(), 3u);
}

TEST(invalid_json_is_rejected) {
    for (const char* text : {"", " ", "nul", "-", "+1", ".5", "[1,]", "{\"a\":}", "[1 2", "'a'"}) {
        check_throws([&] { read_json(text, "test"); }, "test: invalid JSON at byte ");
    }
    check_invalid("01", 1, "unexpected text after the value");
    check_invalid("{\"a\":1} }", 8, "unexpected text after the value");
    check_invalid("1.", 2, "expected a value");
    check_invalid("1e", 2, "expected a value");
    check_invalid("{1: 2}", 1, "expected a key in quotes");
    check_invalid("{\"a\" 2}", 5, "expected a colon");
    check_invalid("{\"a\": 2", 7, "expected a comma or }");
    check_invalid("[2", 2, "expected a comma or ]");
    check_invalid("\"a", 2, "expected a closing quote");
    check_invalid("\"a\nb\"", 3, "control character in a string");
    check_invalid("\"\\x\"", 2, "unknown escape sequence");
    check_invalid("\"\\", 2, "unknown escape sequence");
    check_invalid("\"\\u12g4\"", 5, "expected four hexadecimal digits");
    check_invalid("\"\\u12", 5, "expected four hexadecimal digits");
    check_invalid("\"\\ud800x\"", 7, "expected a surrogate pair");
    check_invalid("\"\\udc00\"", 7, "expected a surrogate pair");
    check_invalid("\"\\ud800\\u0041\"", 13, "expected a surrogate pair");
    check_invalid("{\"a\": 1, \"b\": 2, \"a\": 3}", 24, "duplicate key \"a\"");
}

TEST(deep_nesting_does_not_exhaust_the_stack) {
    check_invalid(std::string(1'000'000, '['), 64, "nested deeper than 64");
    check_equal(line(std::string(64, '[') + std::string(64, ']')).size(), 128u);
}

}  // namespace
}  // namespace digits
