#include "util/require.h"

#include <stdexcept>
#include <string>

#include "check.h"

namespace digits {
namespace {

using testing::check;
using testing::check_equal;
using testing::check_throws;

// Counts how often it is printed.
struct Printed {
    int* times;
};

std::string to_text(const Printed& printed) {
    ++*printed.times;
    return "printed";
}

template <class Error, class Call>
bool throws_exactly(Call call) {
    try {
        call();
    } catch (const Error&) {
        return true;
    } catch (...) {
        return false;
    }
    return false;
}

TEST(text_joins_its_parts) {
    check_equal(str_cat("a ", 1, 'x', 2.5), "a 1x2.5");
}

TEST(require_lets_what_holds_pass) {
    require(1 + 1 == 2, "arithmetic: broken");
}

TEST(require_names_what_does_not_hold) {
    check_throws([] { require(false, "dense: input is ", 64, " wide but the weight takes ", 10); },
                 "dense: input is 64 wide but the weight takes 10");
}

TEST(the_message_is_put_together_only_when_needed) {
    int times = 0;
    require(true, Printed{&times});
    check_equal(times, 0);
    check_throws([&] { require(false, Printed{&times}); }, "printed");
    check_equal(times, 1);
}

TEST(a_misuse_and_a_broken_file_are_told_apart_by_type) {
    check(throws_exactly<std::invalid_argument>([] { require(false, "misuse"); }));
    check(throws_exactly<std::runtime_error>([] { fail("broken file"); }));
    check(!throws_exactly<std::invalid_argument>([] { fail("broken file"); }));
}

TEST(fail_says_all_its_parts) {
    check_throws([] { fail("idx: expected ", 16, " bytes, found ", 4); },
                 "idx: expected 16 bytes, found 4");
}

}  // namespace
}  // namespace digits
