#include "check.h"

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <set>
#include <vector>

#include "foreign_locale.h"
#include "places.h"

// Here the functions of these names are defined.
#undef check
#undef check_near
#undef check_contains
#undef check_throws

namespace digits::testing {
namespace {

struct Test {
    std::string suite;
    std::string name;
    std::function<void()> body;
};

struct Skipped {
    std::string reason;
};

// A function-local static, because registrations run before main() in an unspecified order.
std::vector<Test>& registered_tests() {
    static std::vector<Test> tests;
    return tests;
}

const Test* running = nullptr;
int failures_in_this_test = 0;
std::vector<std::string>* captured = nullptr;  // where failures go instead of the output

std::string suite_of(std::string_view path) {
    const std::size_t slash = path.find_last_of("/\\");
    if (slash != std::string_view::npos) path.remove_prefix(slash + 1);
    return std::string(path.substr(0, path.find("_test.cpp")));
}

std::string full_name(const Test& test) {
    return test.suite + "." + test.name;
}

enum class Outcome { passed, failed, skipped };

Outcome run(const Test& test) {
    running = &test;
    failures_in_this_test = 0;
    try {
        test.body();
    } catch (const Skipped& skipped) {
        std::printf("skipped %s: %s\n", full_name(test).c_str(), skipped.reason.c_str());
        return Outcome::skipped;
    } catch (const std::exception& error) {
        report_failure(std::string("unexpected exception: ") + error.what(), Location::current());
    } catch (...) {
        report_failure("unexpected exception that is no std::exception", Location::current());
    }
    if (failures_in_this_test == 0) return Outcome::passed;
    std::printf("FAILED  %s\n", full_name(test).c_str());
    return Outcome::failed;
}

// Says which test was running, then lets the program end as it would have done.
extern "C" void on_crash(int number) {
    if (running != nullptr) {
        std::fprintf(stderr, "CRASHED %s.%s (signal %d)\n", running->suite.c_str(),
                     running->name.c_str(), number);
    }
    std::signal(number, SIG_DFL);
    std::raise(number);
}

void watch_for_crashes() {
    for (const int number : {SIGSEGV, SIGABRT, SIGFPE, SIGILL}) {
#ifndef _WIN32
        // A handler that is there already belongs to a sanitizer, whose report says more.
        struct sigaction present;
        if (sigaction(number, nullptr, &present) != 0 || present.sa_handler != SIG_DFL) continue;
#endif
        std::signal(number, on_crash);
    }
}

// Whether each argument names a suite or a test; says which one does not.
bool all_exist(const std::vector<std::string>& names) {
    std::set<std::string> suites;
    std::string list;
    for (const Test& test : registered_tests()) suites.insert(test.suite);
    for (const std::string& suite : suites) list += " " + suite;
    bool all = true;
    for (const std::string& name : names) {
        const auto is_named = [&](const Test& test) { return full_name(test) == name; };
        const std::vector<Test>& tests = registered_tests();
        if (suites.contains(name) || std::any_of(tests.begin(), tests.end(), is_named)) continue;
        std::printf("there is no test suite \"%s\"; there are%s\n", name.c_str(), list.c_str());
        all = false;
    }
    return all;
}

// The text of an expression, on one line: a lambda in it may be long.
std::string failed(const char* what, std::string_view text) {
    if (text.size() <= 160) return str_cat(what, " failed: ", text);
    return str_cat(what, " failed: ", text.substr(0, 160), " ...");
}

// Programs inherit the ignored signals of what starts them, such as nohup or a script's background
// job. The tests send these signals to the programs that they start.
void ignore_no_signals() {
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
#ifdef SIGHUP
    for (const int signal : {SIGHUP, SIGPIPE, SIGXCPU, SIGUSR1, SIGUSR2}) {
        std::signal(signal, SIG_DFL);
    }
#endif
}

}  // namespace

Registration::Registration(std::string_view name, std::function<void()> body, Location location) {
    registered_tests().push_back({suite_of(location.file), std::string(name), std::move(body)});
}

void report_failure(const std::string& message, Location location) {
    if (captured != nullptr) return captured->push_back(message);
    // Report at most ten failures per test: a loop may find a thousand wrong elements.
    if (++failures_in_this_test > 10) return;
    std::printf("%s:%u: %s\n", location.file, location.line, message.c_str());
    std::fflush(stdout);  // a crash may follow
}

std::vector<std::string> failures_of(const std::function<void()>& body) {
    std::vector<std::string> failures;
    captured = &failures;
    body();
    captured = nullptr;
    return failures;
}

void skip(const std::string& reason) {
    throw Skipped{reason};
}

void check(const char* text, const Verdict& verdict, Location location) {
    if (verdict.holds) return;
    const std::string with = verdict.values.empty() ? "" : ", with " + verdict.values;
    report_failure(failed("check", text) + with, location);
}

void check_near(const char* text, double actual, double expected, double tolerance,
                Location location) {
    if (std::abs(actual - expected) <= tolerance) return;
    report_failure(str_cat(failed("check_near", text), "\n      got      ", shown(actual),
                           "\n      expected ", shown(expected), " within ", shown(tolerance)),
                   location);
}

void check_contains(const char* text, std::string_view actual, std::string_view part,
                    Location location) {
    if (actual.find(part) != std::string_view::npos) return;
    report_failure(str_cat(failed("check_contains", text), "\n      got      \"", actual,
                           "\"\n      expected it to contain \"", part, "\""),
                   location);
}

void check_throws(const char* text, const std::function<void()>& call, std::string_view part,
                  Location location) {
    try {
        call();
    } catch (const std::exception& error) {
        if (std::string_view(error.what()).find(part) != std::string_view::npos) return;
        report_failure(str_cat(failed("check_throws", text), "\n      got      \"", error.what(),
                               "\"\n      expected it to contain \"", part, "\""),
                       location);
        return;
    }
    report_failure(failed("check_throws", text) + ": nothing was thrown", location);
}

int run_tests(int argument_count, const char* const* arguments) {
    test_program = arguments[0];
    const std::vector<std::string> names(arguments + std::min(argument_count, 1),
                                         arguments + argument_count);
    if (!all_exist(names)) return 1;
    watch_for_crashes();
    ignore_no_signals();
    // Everything must hold in a program with another locale, too.
    if (std::getenv("DIGITS_TEST_LOCALE") != nullptr) {
        set_foreign_cpp_locale();
        set_foreign_c_locale();
    }
    int counts[3] = {0, 0, 0};
    for (const Test& test : registered_tests()) {
        const auto is_meant = [&](const std::string& name) {
            return name == test.suite || name == full_name(test);
        };
        if (!names.empty() && std::none_of(names.begin(), names.end(), is_meant)) continue;
        ++counts[static_cast<int>(run(test))];
    }
    running = nullptr;
    const int passed = counts[0], failed = counts[1], skipped = counts[2];
    if (passed + failed == 0) std::printf("no test ran\n");
    std::printf("%d passed, %d failed", passed, failed);
    if (skipped > 0) std::printf(", %d skipped", skipped);
    std::printf("\n");
    return failed == 0 && passed > 0 ? 0 : 1;
}

}  // namespace digits::testing

int main(int argument_count, char** arguments) {
    return digits::testing::run_tests(argument_count, arguments);
}
