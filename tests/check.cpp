#include "check.h"

#include <cmath>
#include <cstdio>
#include <exception>
#include <vector>

#include "places.h"

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

int failures_in_this_test = 0;

std::string suite_of(std::string_view path) {
    const std::size_t slash = path.find_last_of("/\\");
    if (slash != std::string_view::npos) path.remove_prefix(slash + 1);
    return std::string(path.substr(0, path.find("_test.cpp")));
}

enum class Outcome { passed, failed, skipped };

Outcome run(const Test& test) {
    failures_in_this_test = 0;
    try {
        test.body();
    } catch (const Skipped& skipped) {
        std::printf("skipped %s.%s: %s\n", test.suite.c_str(), test.name.c_str(),
                    skipped.reason.c_str());
        return Outcome::skipped;
    } catch (const std::exception& error) {
        report_failure(std::string("unexpected exception: ") + error.what(), Location::current());
    }
    if (failures_in_this_test == 0) return Outcome::passed;
    std::printf("FAILED  %s.%s\n", test.suite.c_str(), test.name.c_str());
    return Outcome::failed;
}

}  // namespace

Registration::Registration(std::string_view name, std::function<void()> body, Location location) {
    registered_tests().push_back({suite_of(location.file), std::string(name), std::move(body)});
}

void report_failure(const std::string& message, Location location) {
    // Report at most ten failures per test: a loop may find a thousand wrong elements.
    if (++failures_in_this_test > 10) return;
    std::printf("%s:%u: %s\n", location.file, location.line, message.c_str());
}

void skip(const std::string& reason) {
    throw Skipped{reason};
}

void check_near(double actual, double expected, double tolerance, Location location) {
    if (std::abs(actual - expected) <= tolerance) return;
    char message[120];
    std::snprintf(message, sizeof message, "got      %.10g\n      expected %.10g within %.10g",
                  actual, expected, tolerance);
    report_failure(message, location);
}

void check_contains(std::string_view text, std::string_view part, Location location) {
    if (text.find(part) != std::string_view::npos) return;
    report_failure("got      \"" + std::string(text) + "\"\n      expected it to contain \"" +
                       std::string(part) + "\"",
                   location);
}

void check_throws(const std::function<void()>& call, std::string_view part, Location location) {
    try {
        call();
    } catch (const std::exception& error) {
        check_contains(error.what(), part, location);
        return;
    }
    report_failure("nothing was thrown", location);
}

int run_tests(int argument_count, const char* const* arguments) {
    test_program = arguments[0];
    int counts[3] = {0, 0, 0};
    for (const Test& test : registered_tests()) {
        bool wanted = argument_count <= 1;
        for (int i = 1; i < argument_count; ++i) wanted = wanted || test.suite == arguments[i];
        if (wanted) ++counts[static_cast<int>(run(test))];
    }
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
