// The test harness: TEST() defines a test, check...() are its assertions, run_tests() runs all.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "shown.h"
#include "util/text.h"

namespace digits::testing {

// The source location of a check: a replacement for std::source_location, which Clang 14 lacks.
struct Location {
    const char* file;
    unsigned line;

    static constexpr Location current(const char* file = __builtin_FILE(),
                                      unsigned line = __builtin_LINE()) {
        return {file, line};
    }
};

// Records a failure of the running test and continues, so that one run shows all failures.
void report_failure(const std::string& message, Location location);

// The failures that `body` reports, as messages. They don't count as failures of the running test.
std::vector<std::string> failures_of(const std::function<void()>& body);

// Registers a test at program start. Its suite is the file name without "_test.cpp".
struct Registration {
    Registration(std::string_view name, std::function<void()> body,
                 Location location = Location::current());
};

// Ends the running test, counts it as skipped, and prints the reason.
[[noreturn]] void skip(const std::string& reason);

// Whether a condition holds; if it is a comparison that doesn't, also both values.
struct Verdict {
    Verdict(bool condition, std::string both_values = "")
        : holds(condition), values(std::move(both_values)) {}
    explicit operator bool() const { return holds; }

    bool holds;
    std::string values;
};

// The left side of a comparison or a whole condition: `BeginsWith() <=> a == b` is parsed as
// `(BeginsWith() <=> a) == b`, so that both sides are seen before they are compared.
template <class Left>
struct Operand {
    const Left& left;

    explicit operator bool() const { return static_cast<bool>(left); }
    operator Verdict() const { return static_cast<bool>(left); }

// A literal such as 3 has lost the property of being a harmless constant here.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-compare"
    // clang-format off
    template <class R> Verdict operator==(const R& r) const { return seen(left == r, " == ", r); }
    template <class R> Verdict operator!=(const R& r) const { return seen(left != r, " != ", r); }
    template <class R> Verdict operator<(const R& r) const { return seen(left < r, " < ", r); }
    template <class R> Verdict operator<=(const R& r) const { return seen(left <= r, " <= ", r); }
    template <class R> Verdict operator>(const R& r) const { return seen(left > r, " > ", r); }
    template <class R> Verdict operator>=(const R& r) const { return seen(left >= r, " >= ", r); }
    // clang-format on
#pragma GCC diagnostic pop

private:
    template <class Right>
    Verdict seen(bool holds, const char* relation, const Right& right) const {
        if (holds) return true;
        return {false, str_cat(shown(left), relation, shown(right))};
    }
};

struct BeginsWith {
    template <class Left>
    Operand<Left> operator<=>(const Left& left) const {
        return {left};
    }
};

// Each check is a function whose first argument is the text of the others, which a macro below
// adds: check(a == b) prints "check failed: a == b, with 3 == 4".
void check(const char* text, const Verdict& verdict, Location location = Location::current());

template <class Actual, class Expected>
void check_equal(const char* text, const Actual& actual, const Expected& expected,
                 Location location = Location::current()) {
    if (actual == expected) return;
    const auto words = [](const auto& value) {
        using Value = std::decay_t<decltype(value)>;
        // A text may have many lines, which are easier to compare without quotation marks.
        if constexpr (std::convertible_to<Value, std::string_view>)
            return std::string(value);
        else
            return shown(value);
    };
    report_failure(str_cat("check_equal failed: ", text, "\n      got      ", words(actual),
                           "\n      expected ", words(expected)),
                   location);
}

// |actual - expected| <= tolerance. NaN is not near any value.
void check_near(const char* text, double actual, double expected, double tolerance,
                Location location = Location::current());

void check_contains(const char* text, std::string_view actual, std::string_view part,
                    Location location = Location::current());

// The call must throw, and the message must contain `part`.
void check_throws(const char* text, const std::function<void()>& call, std::string_view part,
                  Location location = Location::current());

// Runs the named suites ("gemm") and tests ("gemm.name_of_a_test"), or all of them; prints each
// failure and, at the end, "N passed, N failed".
// Returns the exit code of the program: nonzero if a test failed, if none ran, or if a name is
// unknown.
int run_tests(int argument_count, const char* const* arguments);

}  // namespace digits::testing

// The only macros of the project: without them, a check would not know its expression and each test
// would have to state its name twice. A macro is not expanded within itself, so each of these calls
// the function of its name.
#define check(...) check(#__VA_ARGS__, ::digits::testing::BeginsWith() <=> __VA_ARGS__)
#define check_equal(...) check_equal(#__VA_ARGS__, __VA_ARGS__)
#define check_near(...) check_near(#__VA_ARGS__, __VA_ARGS__)
#define check_contains(...) check_contains(#__VA_ARGS__, __VA_ARGS__)
#define check_throws(...) check_throws(#__VA_ARGS__, __VA_ARGS__)

// TEST(a_sentence_that_says_what_holds) { ... }
#define TEST(name)                                                                    \
    static void name();                                                               \
    static const ::digits::testing::Registration registration_of_##name(#name, name); \
    static void name()
