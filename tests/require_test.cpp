#include "util/require.h"

#include <stdexcept>
#include <string>

#include "check.h"

namespace digits {
namespace {

using testing::check;
using testing::check_equal;
using testing::check_throws;

// Counts how often it is converted to text.
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

TEST(str_cat_concatenates_its_arguments) {
    check_equal(str_cat("a ", 1, 'x', 2.5), "a 1x2.5");
}

TEST(require_accepts_a_true_condition) {
    require(1 + 1 == 2, "arithmetic: broken");
}

TEST(require_throws_its_message_for_a_false_condition) {
    check_throws([] { require(false, "dense: input is ", 64, " wide but the weight takes ", 10); },
                 "dense: input is 64 wide but the weight takes 10");
}

TEST(the_message_is_built_only_if_the_condition_is_false) {
    int times = 0;
    require(true, Printed{&times});
    check_equal(times, 0);
    check_throws([&] { require(false, Printed{&times}); }, "printed");
    check_equal(times, 1);
}

TEST(misuse_and_damaged_files_throw_different_types) {
    check(throws_exactly<std::invalid_argument>([] { require(false, "misuse"); }));
    check(throws_exactly<std::runtime_error>([] { fail("broken file"); }));
    check(!throws_exactly<std::invalid_argument>([] { fail("broken file"); }));
}

TEST(fail_throws_the_concatenation_of_its_arguments) {
    check_throws([] { fail("idx: expected ", 16, " bytes, found ", 4); },
                 "idx: expected 16 bytes, found 4");
}

}  // namespace
}  // namespace digits
