// The test harness: TEST() defines a test, check...() are its assertions, run_tests() runs all.
#pragma once

#include <functional>
#include <string>
#include <string_view>

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

// Registers a test at program start. Its suite is the file name without "_test.cpp".
struct Registration {
    Registration(std::string_view name, std::function<void()> body,
                 Location location = Location::current());
};

// Ends the running test, counts it as skipped, and prints the reason.
[[noreturn]] void skip(const std::string& reason);

inline void check(bool condition, Location location = Location::current()) {
    if (!condition) report_failure("check failed", location);
}

template <class Actual, class Expected>
void check_equal(const Actual& actual, const Expected& expected,
                 Location location = Location::current()) {
    if (actual == expected) return;
    report_failure(str_cat("got      ", actual, "\n      expected ", expected), location);
}

// |actual - expected| <= tolerance. NaN is not near any value.
void check_near(double actual, double expected, double tolerance,
                Location location = Location::current());

void check_contains(std::string_view text, std::string_view part,
                    Location location = Location::current());

// The call must throw, and the message must contain `part`.
void check_throws(const std::function<void()>& call, std::string_view part,
                  Location location = Location::current());

// Runs the named suites, or all of them; prints each failure and, at the end, "N passed, N failed".
// Returns the exit code of the program: nonzero if a test failed or if none ran.
int run_tests(int argument_count, const char* const* arguments);

}  // namespace digits::testing

// TEST(a_sentence_that_says_what_holds) { ... }: the only macro of the project. Without it, each
// test would have to state its name twice.
#define TEST(name)                                                                    \
    static void name();                                                               \
    static const ::digits::testing::Registration registration_of_##name(#name, name); \
    static void name()
