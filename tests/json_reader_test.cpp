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

void check_refused(const std::string& text, const std::string& expected) {
    check_throws([&] { read_json(text, "some/file"); },
                 "some/file: this is no JSON: expected " + expected);
}

TEST(what_is_written_is_read_back) {
    Json run = Json::object();
    run.set("seed", 42).set("rate", -0.1).set("layers", Json::array({784, 128, 10}));
    run.set("none", Json::array()).set("empty", Json::object()).set("a\"\\\nb", nullptr);
    run.set("Größe 数 ✎", true).set("tiny", 1e-300);
    check_equal(read_json(run.to_text(), "test").to_text(), run.to_text());
    check_equal(read_json(run.to_line(), "test").to_line(), run.to_line());
}

TEST(all_that_the_grammar_allows_is_read) {
    check_equal(line(" \t\r\n[ 1 , -0.5e+3,2E-7, 0 ,true,false,null]  "),
                "[1, -0.5e+3, 2E-7, 0, true, false, null]");
    check_equal(line("{ \"a\" : { } , \"b\":[ ] }"), "{\"a\": {}, \"b\": []}");
    check_equal(*read_json("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "test").string(), "\"\\/\b\f\n\r\t");
    check_equal(*read_json("\"\\u0041\\u00e9\\u20AC\\ud83d\\ude00\"", "test").string(), "Aé€😀");
}

TEST(members_and_numbers_are_found) {
    const Json value = read_json("{\"a\": 18446744073709551615, \"b\": \"7\", \"c\": -1}", "test");
    check(value.is_object() && !value.is_array());
    check_equal(value.find("a")->whole().value(), 18446744073709551615u);
    check_equal(*value.find("b")->string(), "7");
    check(!value.find("b")->whole() && !value.find("c")->whole() && !value.find("a")->string());
    check(value.find("d") == nullptr && read_json("[]", "test").find("a") == nullptr);
    check(!read_json("18446744073709551616", "test").whole());
    check(!read_json("1.0", "test").whole());
    check_equal(read_json("-12.5e1", "test").number().value(), -125.0);
    for (const char* none : {"null", "true", "\"1\"", "[1]", "{}"}) {
        check(!read_json(none, "test").number());
    }
    check_equal(value.members().size(), 3u);
}

TEST(what_is_no_json_is_refused) {
    for (const char* text : {"", " ", "nul", "-", "+1", ".5", "[1,]", "{\"a\":}", "[1 2", "'a'"}) {
        check_throws([&] { read_json(text, "test"); }, "test: this is no JSON: expected ");
    }
    check_refused("01", "nothing more at byte 1 of 2");
    check_refused("1.", "a value");
    check_refused("1e", "a value");
    check_refused("{1: 2}", "a member's name in quotes");
    check_refused("{\"a\" 2}", "a colon");
    check_refused("{\"a\": 2", "a comma or }");
    check_refused("[2", "a comma or ]");
    check_refused("\"a", "a closing quote");
    check_refused("\"a\nb\"", "no control character");
    check_refused("\"\\x\"", "a character that may follow a backslash");
    check_refused("\"\\", "a character that may follow a backslash");
    check_refused("\"\\u12g4\"", "four hexadecimal digits");
    check_refused("\"\\u12", "four hexadecimal digits");
    check_refused("\"\\ud800x\"", "a pair of surrogates");
    check_refused("\"\\udc00\"", "a pair of surrogates");
    check_refused("\"\\ud800\\u0041\"", "a pair of surrogates");
    check_refused("{\"a\": 1, \"b\": 2, \"a\": 3}", "no two members of one name");
}

TEST(a_text_that_is_all_brackets_does_not_exhaust_the_stack) {
    check_refused(std::string(1'000'000, '['), "values nested no deeper at byte 64 of 1000000");
    check_equal(line(std::string(64, '[') + std::string(64, ']')).size(), 128u);
}

}  // namespace
}  // namespace digits
