#include "util/text.h"

#include <cmath>
#include <limits>
#include <string>

#include "check.h"
#include "plot/svg.h"

namespace digits {
namespace {

using testing::check_equal;

// Table 3-11 of the Unicode standard 15 and the sequences around each bound of its table 3-7.
TEST(bytes_that_are_not_utf8_become_replacement_characters) {
    const auto check_replaced = [](const std::string& bytes, const std::string& expected) {
        std::string text;
        for (const char c : expected) {
            if (c == '?') {
                text += replacement_character;
            } else {
                text += c;
            }
        }
        check_equal(valid_utf8("a" + bytes + "z"), "a" + text + "z");
    };
    for (const char* const valid :
         {"", "caf\xc3\xa9", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
          "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "\x7f"}) {
        check_replaced(valid, valid);
    }
    check_replaced("caf\xe9", "caf?");
    check_replaced("\x80\xbf", "??");
    check_replaced("\xc0\xaf", "??");  // longer than needed
    check_replaced("\xc1\xbf", "??");
    check_replaced("\xe0\x9f\xbf", "???");
    check_replaced("\xf0\x8f\xbf\xbf", "????");
    check_replaced("\xed\xa0\x80", "???");       // a surrogate
    check_replaced("\xf4\x90\x80\x80", "????");  // above U+10FFFF
    check_replaced("\xf5\xff", "??");
    check_replaced("\xe2\x82", "?");  // truncated
    check_replaced("\xf0\x9f\x98", "?");
    check_replaced("\xe2\x82\xe2\x82\xac", "?\xe2\x82\xac");
    check_replaced("\xc3", "?");
    check_equal(valid_utf8("\xe2\x82"), std::string(replacement_character));
    check_equal(valid_utf8(std::string(1, '\0')), std::string(1, '\0'));
}

TEST(control_characters_do_not_reach_the_terminal) {
    check_equal(printable("a\x1b[31m\x7f\r\tb\n"), "a?[31m???b\n");
    // U+009B is an escape sequence in a single character.
    check_equal(printable("a\xc2\x9b"
                          "31m\xc2\x80\xc2\x9f"),
                "a?31m??");
    check_equal(printable("\xc2\xa0\xc3\x9b"), "\xc2\xa0\xc3\x9b");
    check_equal(printable("\x9b"
                          "31m"),
                "?31m");
    check_equal(printable_line("a\nb"), "a?b");
    check_equal(printable(""), "");
}

TEST(the_sign_of_nan_is_not_shown) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (const double value : {nan, -nan, std::copysign(nan, -1.0)}) {
        check_equal(str_cat(value, " ", static_cast<float>(value)), "nan nan");
        check_equal(format_fixed(value, 2), "nan");
        check_equal(percent(value), "nan %");
        check_equal(csv_number(value), "nan");
    }
    check_equal(str_cat(-std::numeric_limits<double>::infinity()), "-inf");
}

// XML forbids these characters even as entities.
TEST(text_in_xml_has_neither_control_characters_nor_bytes_that_are_not_utf8) {
    const std::string replaced(replacement_character);
    check_equal(xml_escaped("<caf\xe9 \x1b & \"\n\t>"),
                "&lt;caf" + replaced + " " + replaced + " &amp; &quot;\n\t&gt;");
}

}  // namespace
}  // namespace digits
