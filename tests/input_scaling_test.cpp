#include "data/input_scaling.h"

#include <string>

#include "check.h"

namespace digits {
namespace {

using testing::check_near;
using testing::check_throws;

TEST(a_formula_a_range_or_mean_and_deviation_say_how_pixels_become_inputs) {
    const auto check_scaling = [](const char* words, double at_0, double at_1) {
        const InputScaling scaling = parse_input_scaling(words);
        check_near(scaling.offset, at_0, 1e-9);
        check_near(scaling.offset + scaling.factor, at_1, 1e-9);
    };
    for (const char* const words : {"byte/255", "x", "0..1", "0,1", " byte / 255 ", "(x)"}) {
        check_scaling(words, 0.0, 1.0);
    }
    const double low = -0.1307 / 0.3081, high = (1.0 - 0.1307) / 0.3081;
    for (const char* const words :
         {"(x-0.1307)/0.3081", "(x - 0.1307) / 0.3081", "0.1307,0.3081", "0.1307, 0.3081",
          "(byte/255-0.1307)/0.3081", "x/0.3081 - 0.1307/0.3081"}) {
        check_scaling(words, low, high);
    }
    for (const char* const words : {"-1..1", "2*x-1", "0.5,0.5", "(x-0.5)/0.5", "byte/127.5-1",
                                    "(byte-127.5)/127.5", "x*2+-1", "-(1-2*x)"}) {
        check_scaling(words, -1.0, 1.0);
    }
    for (const char* const words : {"byte", "0..255", "255*x", "x*255"}) {
        check_scaling(words, 0.0, 255.0);
    }
    for (const char* const words : {"1-x", "1..0", "(255-byte)/255"})
        check_scaling(words, 1.0, 0.0);
    check_scaling("-0.5..0.5", -0.5, 0.5);
    check_scaling("8-4-2*x", 4.0, 2.0);  // from left to right
    check_scaling("8/4/2*x", 0.0, 1.0);
    check_scaling("2+3*x", 2.0, 5.0);  // products first
}

TEST(anything_else_is_refused_with_the_forms_that_are_understood) {
    const std::string deep(50, '('), long_one = "x" + std::string(200, '0');
    for (const std::string& words :
         {std::string(), std::string("standard"), std::string("x*x"), std::string("1/x"),
          std::string("(x-0.1"), std::string("x)"), std::string("x-"), std::string("0.1307"),
          std::string("1..1"), std::string("x/0"), std::string("0.1,0"), std::string("x-x"),
          std::string("1,2,3"), std::string("x..1"), std::string("nan..1"), std::string("0..1e9"),
          std::string("byte/255."), deep, long_one}) {
        check_throws([&] { parse_input_scaling(words); },
                     "expected byte/255, (x-0.1307)/0.3081 with x = byte/255, its mean");
    }
    // x is not a byte, as the author of this formula believed.
    check_throws([] { parse_input_scaling("x/255"); }, "expected byte for a pixel from 0 to 255");
    check_throws([] { parse_input_scaling("(x-127.5)/127.5"); }, "would be -1 to -0.99");
}

}  // namespace
}  // namespace digits
