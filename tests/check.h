// The test harness: TEST() names a test, check...() state what must hold, run_tests() reports.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "util/text.h"

namespace digits::testing {

// Where in the source a check stands. It does what std::source_location does, which Clang 14 lacks.
struct Location {
    const char* file;
    unsigned line;

    static constexpr Location current(const char* file = __builtin_FILE(),
                                      unsigned line = __builtin_LINE()) {
        return {file, line};
    }
};

// Notes a failure of the running test and goes on, so that one run shows all of them.
void report_failure(const std::string& message, Location location);

// Registers a test when the program starts. Its suite is the file's name without "_test.cpp".
struct Registration {
    Registration(std::string_view name, std::function<void()> body,
                 Location location = Location::current());
};

// Leaves the running test, counted as skipped, and prints why.
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

// |actual - expected| <= tolerance. Not-a-number is never near anything.
void check_near(double actual, double expected, double tolerance,
                Location location = Location::current());

void check_contains(std::string_view text, std::string_view part,
                    Location location = Location::current());

// The call must throw, and the message must contain `part`.
void check_throws(const std::function<void()>& call, std::string_view part,
                  Location location = Location::current());

// Runs the suites named, or all; prints each failure and a last line "N passed, N failed". Returns
// the program's exit code: nonzero when a test failed or when none ran.
int run_tests(int argument_count, const char* const* arguments);

}  // namespace digits::testing

// TEST(a_sentence_that_says_what_holds) { ... }: the one macro of the project. Without it a test
// would have to say its name twice.
#define TEST(name)                                                                    \
    static void name();                                                               \
    static const ::digits::testing::Registration registration_of_##name(#name, name); \
    static void name()
