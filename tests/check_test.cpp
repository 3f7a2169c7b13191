// The harness itself: what a failed check prints, and how a run ends that goes wrong.
#include "check.h"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "linalg/matrix.h"
#include "run_program.h"
#include "temporary_folder.h"

namespace digits {
namespace {

using testing::check;
using testing::check_contains;
using testing::check_equal;
using testing::check_near;
using testing::check_throws;
using testing::failures_of;
using testing::shown;

enum class Color { red, green };

struct Opaque {
    int value;
    bool operator==(const Opaque&) const = default;
};

// The single failure that `body` reports.
std::string failure_of(const std::function<void()>& body) {
    const std::vector<std::string> failures = failures_of(body);
    return failures.size() == 1 ? failures[0] : str_cat(failures.size(), " failures");
}

TEST(a_failed_comparison_prints_its_expression_and_both_values) {
    const int a = 3;
    const std::vector<int> b{4};
    check_equal(failure_of([&] { check(a == b[0]); }), "check failed: a == b[0], with 3 == 4");
    check_equal(failure_of([&] { check(a + 1 < 4); }), "check failed: a + 1 < 4, with 4 < 4");
    check_equal(failure_of([&] { check(b.size() != 1); }),
                "check failed: b.size() != 1, with 1 != 1");
    check_equal(failure_of([&] {
                    check(b == std::vector<int>{1, 2});
                }),
                "check failed: b == std::vector<int>{1, 2}, with {4} == {1, 2}");
    check_equal(failures_of([&] { check(a <= 3), check(a >= 3), check(a > 2); }).size(), 0u);
}

TEST(a_failed_condition_prints_its_expression) {
    const int a = 3;
    const std::optional<int> none;
    check_equal(failure_of([&] { check(a == 3 && a == 4); }), "check failed: a == 3 && a == 4");
    check_equal(failure_of([&] { check(!(a == 3) || none); }), "check failed: !(a == 3) || none");
    check_equal(failure_of([] { check(false); }), "check failed: false");
    check_equal(failures_of([&] { check(a == 4 || a == 3), check(!none), check(true); }).size(),
                0u);
}

TEST(an_expression_is_evaluated_once_and_its_right_side_only_if_needed) {
    int calls = 0;
    check(++calls == 1);
    check(calls == 1 || ++calls == 0);
    check_equal(calls, 1);
}

TEST(the_other_checks_print_their_arguments_too) {
    check_equal(failure_of([] { check_near(0.1 + 0.2, 0.3, 1e-17); }),
                "check_near failed: 0.1 + 0.2, 0.3, 1e-17\n      got      0.30000000000000004\n"
                "      expected 0.3 within 1e-17");
    check_equal(failure_of([] { check_equal(1 + 1, 3); }),
                "check_equal failed: 1 + 1, 3\n      got      2\n      expected 3");
    check_equal(failure_of([] { check_throws([] {}, "no"); }),
                "check_throws failed: [] {}, \"no\": nothing was thrown");
    const auto fail = [] { throw std::runtime_error("yes"); };
    check_equal(failure_of([&] { check_throws(fail, "no"); }),
                "check_throws failed: fail, \"no\"\n      got      \"yes\"\n"
                "      expected it to contain \"no\"");
    check_equal(failure_of([] { check_contains("yes", "no"); }),
                "check_contains failed: \"yes\", \"no\"\n      got      \"yes\"\n"
                "      expected it to contain \"no\"");
}

TEST(values_are_shown_so_that_different_ones_look_different) {
    check_equal(shown(0.1f), "0.1");
    check_equal(shown(0.1 + 0.2), "0.30000000000000004");
    check_equal(shown(std::string("a\"b\n\x1b\xe9")), "\"a\\\"b\\n\\033\\351\"");
    check_equal(shown('x'), "\"x\"");
    check_equal(shown(true), "true");
    const int* none = nullptr;
    check_equal(failure_of([&] { check(none != nullptr); }),
                "check failed: none != nullptr, with nullptr != nullptr");
    check_equal(shown(Color::green), "enumerator 1");
    check_equal(shown(std::optional<int>()), "no value");
    check_equal(shown(std::map<std::string, int>{{"a", 1}}), "{(\"a\", 1)}");
    check_equal(shown(Matrix{{1, 2}, {3, 4.5f}}), "2x2 {1, 2; 3, 4.5}");
    check_equal(shown(std::vector<int>(21, 7)).substr(49), "7, 7, 7, 7, ...}");
    check_equal(failure_of([] { check(Opaque{1} == Opaque{2}); }),
                "check failed: Opaque{1} == Opaque{2}, with ... == ...");
}

// Misbehaves on request of the tests below, which run this program anew.
TEST(misbehaves_on_request) {
    const char* request = std::getenv("DIGITS_TESTS_MISBEHAVE");
    if (request == nullptr) return;
    if (*request == 'a') std::abort();
    if (*request == 's') std::raise(SIGSEGV);
    if (*request == 't') throw 3;
}

testing::Result tests_with(const std::string& request, const std::string& names) {
    const testing::TemporaryFolder folder;
    const std::filesystem::path program = testing::build_folder();
    return testing::shell_in(folder, "cd " + shell_word(testing::source_folder().string()) +
                                         " && DIGITS_TESTS_MISBEHAVE='" + request + "' '" +
                                         (program / "digits_tests").string() + "' " + names);
}

TEST(a_crash_says_which_test_was_running) {
    for (const char* request : {"abort", "segfault"}) {
        const testing::Result result = tests_with(request, "check.misbehaves_on_request");
        check(result.exit_code != 0);
        // A sanitizer reports crashes itself.
        if (result.errors.find("Sanitizer") != std::string::npos) continue;
        check_contains(result.errors, "CRASHED check.misbehaves_on_request (signal ");
    }
}

TEST(any_type_may_be_thrown) {
    const testing::Result result = tests_with("throw", "check.misbehaves_on_request");
    check_equal(result.exit_code, 1);
    check_contains(result.output, "unexpected exception that is no std::exception");
    check_contains(result.output, "0 passed, 1 failed");
}

TEST(a_misspelt_suite_is_an_error_that_names_it) {
    const testing::Result result = tests_with("", "gem check.misbehaves_on_request");
    check_equal(result.exit_code, 1);
    check_contains(result.output, "there is no test suite \"gem\"; there are ");
    check_contains(result.output, " gemm ");
    check(result.output.find("passed") == std::string::npos);
}

}  // namespace
}  // namespace digits
