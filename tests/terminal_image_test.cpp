#include "plot/terminal_image.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "check.h"
#include "lines.h"
#include "training/metrics_text.h"

namespace digits {
namespace {

using testing::check;
using testing::check_contains;
using testing::check_equal;
using testing::check_throws;
using testing::lines_of;

using Ink = std::vector<std::uint8_t>;

std::string drawn(std::size_t rows, std::size_t columns, const Ink& ink, ImageStyle style,
                  const std::string& caption = "", std::size_t width = 80) {
    const std::vector<CaptionedImage> one = {{rows, columns, ink, caption}};
    return draw_images(one, style, width);
}

// What a terminal shows: the line without the escape sequences that set colors.
std::string without_colors(const std::string& line) {
    std::string result;
    bool is_shown = true;
    for (const char c : line) {
        if (c == '\x1b') is_shown = false;
        if (is_shown) result += c;
        if (c == 'm') is_shown = true;
    }
    return result;
}

TEST(each_character_shows_two_pixels_one_above_the_other) {
    const Ink ink = {255, 0,   255, 0,  //
                     255, 255, 0,   0,  //
                     0,   0,   0,   255};
    check_equal(drawn(3, 4, ink, ImageStyle::blocks), "█▄▀\n   ▀\n");
    check_equal(drawn(3, 4, ink, ImageStyle::ascii), "#_\"\n   \"\n");
}

TEST(greys_become_shades_where_no_half_block_is_closer) {
    const Ink ink = {0, 60, 130, 190, 250, 250, 140,  //
                     9, 70, 125, 200, 240, 30,  255};
    check_equal(drawn(2, 7, ink, ImageStyle::blocks), " ░▒▓█▀▓\n");
    check_equal(drawn(2, 7, ink, ImageStyle::ascii), " ::+#\"b\n");
}

TEST(color_is_dark_ink_on_white_paper_and_changes_only_where_pixels_do) {
    check_equal(drawn(2, 3, {255, 255, 0, 0, 0, 128}, ImageStyle::color),
                "\x1b[38;5;16;48;5;231m▀▀\x1b[38;5;231;48;5;243m▀\x1b[0m\n");
}

TEST(half_a_line_below_an_odd_number_of_rows_is_paper) {
    check_equal(drawn(1, 1, {255}, ImageStyle::color), "\x1b[38;5;16;48;5;231m▀\x1b[0m\n");
}

TEST(captions_are_centred_below_their_images) {
    const Ink black(4 * 6, 255), small(2 * 3, 255);
    const std::vector<CaptionedImage> images = {
        {4, 6, black, "one"}, {2, 3, small, "two"}, {4, 6, black, ""}, {4, 6, black, "four"}};
    check_equal(draw_images(images, ImageStyle::blocks, 22),
                "██████   ███    ██████\n"
                "██████          ██████\n"
                " one     two\n"
                "\n"
                "██████\n"
                "██████\n"
                " four\n");
    check_equal(lines_of(draw_images(images, ImageStyle::blocks, 21)).size(), 7u);
    check_equal(lines_of(draw_images(images, ImageStyle::blocks, 30)).size(), 3u);
}

TEST(an_image_makes_room_for_a_longer_caption_which_is_cut_at_the_width) {
    const Ink black(2 * 4, 255);
    check_equal(drawn(2, 4, black, ImageStyle::blocks, "4 predicted as Ö"),
                "      ████\n4 predicted as Ö\n");
    check_equal(drawn(2, 4, black, ImageStyle::blocks, "4, Öl", 4), "████\n4, Ö\n");
}

TEST(no_line_is_wider_than_the_terminal_whatever_the_style) {
    const Ink digit(28 * 28, 90), large(60 * 100, 200), tiny(8 * 8, 30);
    const std::vector<CaptionedImage> images = {{28, 28, digit, "4 predicted as 9 (87 %)"},
                                                {60, 100, large, "a large one"},
                                                {8, 8, tiny, ""}};
    for (const std::size_t width : {1u, 2u, 19u, 27u, 28u, 39u, 58u, 80u, 200u}) {
        for (const auto style : {ImageStyle::color, ImageStyle::blocks, ImageStyle::ascii}) {
            for (const std::string& line : lines_of(draw_images(images, style, width))) {
                check(character_count(without_colors(line)) <= width);
            }
        }
    }
}

TEST(a_large_image_is_downsampled_to_means_and_keeps_its_aspect_ratio) {
    // 80 x 120 pixels of stripes one pixel wide: a third of each side, so that each drawn pixel
    // covers 3 x 3 and is as black as its stripes, two or one of three.
    Ink stripes;
    for (int i = 0; i < 80 * 120; ++i) stripes.push_back(i % 120 % 2 == 0 ? 255 : 0);
    const auto lines = lines_of(drawn(80, 120, stripes, ImageStyle::blocks));
    check_equal(lines.size(), 13u);
    check_equal(character_count(lines[0]), 40u);
    check_equal(lines[0].substr(0, 12), "▓░▓░");  // 170 and 85
}

TEST(a_pixel_averages_all_pixels_that_it_covers_in_part) {
    // 60 columns on 40: the first pixel covers columns 0 and 1 (a half), the second 1 (a half) and
    // 2. One column in three is black.
    Ink stripes;
    for (int i = 0; i < 3 * 60; ++i) stripes.push_back(i % 3 == 0 ? 255 : 0);
    check_contains(drawn(3, 60, stripes, ImageStyle::blocks), "▒ ▒ ▒ ▒");
}

TEST(an_image_that_fits_is_drawn_pixel_for_pixel) {
    Ink ink(40 * 40, 0);
    ink[40 * 38 + 39] = ink[40 * 39 + 39] = 255;
    const auto lines = lines_of(drawn(40, 40, ink, ImageStyle::blocks, "", 40));
    check_equal(lines.size(), 20u);
    check_equal(lines[19], std::string(39, ' ').append("█"));
    check_equal(lines[18], "");
}

TEST(the_style_follows_the_terminal_and_the_environment) {
    const auto style = [](std::map<std::string, std::string> variables, bool is_terminal = true) {
        return image_style(is_terminal, [&](const char* name) {
            const auto found = variables.find(name);
            return found == variables.end() ? nullptr : found->second.c_str();
        });
    };
    const std::string xterm = "xterm-256color", utf8 = "en_US.UTF-8";
    check(style({{"TERM", xterm}, {"LANG", utf8}}) == ImageStyle::color);
    check(style({{"TERM", xterm}}) == ImageStyle::color);
    check(style({{"TERM", xterm}, {"LANG", utf8}, {"NO_COLOR", "1"}}) == ImageStyle::blocks);
    check(style({{"TERM", xterm}, {"LANG", utf8}, {"NO_COLOR", ""}}) == ImageStyle::color);
    check(style({{"TERM", "dumb"}, {"LANG", utf8}}) == ImageStyle::blocks);
    for (const char* old : {"vt100", "xterm", "linux", "ansi", "screen"}) {
        check(style({{"TERM", old}, {"LANG", utf8}}) == ImageStyle::blocks);
        check(style({{"TERM", old}, {"COLORTERM", "truecolor"}}) == ImageStyle::color);
    }
    check(style({{"TERM", "dumb"}, {"COLORTERM", "truecolor"}}) == ImageStyle::blocks);
    for (const char* one : {"screen-256color", "tmux-256color", "xterm-256color-italic"}) {
        check(style({{"TERM", one}, {"LANG", utf8}}) == ImageStyle::color);
    }
    check(style({{"LANG", utf8}}) == ImageStyle::blocks);
    check(style({{"TERM", xterm}, {"LANG", utf8}, {"LC_ALL", "C"}}) == ImageStyle::ascii);
    check(style({{"TERM", xterm}, {"LANG", "C"}, {"LC_CTYPE", "C.utf8"}}) == ImageStyle::color);
    check(style({{"TERM", xterm}, {"LC_ALL", "en_US.utf-8"}}) == ImageStyle::color);
    check(style({{"TERM", xterm}, {"LANG", utf8}}, false) == ImageStyle::blocks);
    check(style({{"TERM", xterm}}, false) == ImageStyle::blocks);
    // Encodings other than UTF-8 are obeyed in a pipe, too.
    check(style({{"TERM", xterm}, {"LANG", "C"}}, false) == ImageStyle::ascii);
    check(style({{"LC_ALL", "POSIX"}, {"LANG", utf8}}, false) == ImageStyle::ascii);
    check(style({{"LC_CTYPE", "de_DE.ISO-8859-1"}}, false) == ImageStyle::ascii);
    check(style({{"LC_ALL", "tr_TR.UTF-8"}}, false) == ImageStyle::blocks);
}

TEST(invalid_images_are_rejected) {
    check_throws([] { drawn(2, 2, Ink(3), ImageStyle::blocks); }, "3 pixels for an image of 2 x 2");
    check_throws([] { drawn(0, 0, {}, ImageStyle::blocks); }, "0 x 0");
    check_throws([] { drawn(1, 1, {0}, ImageStyle::blocks, "", 0); }, "the width is 0");
    check_equal(draw_images({}, ImageStyle::blocks, 80), "");
}

}  // namespace
}  // namespace digits
