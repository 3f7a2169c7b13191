#include "plot/terminal_image.h"

#include <algorithm>
#include <string_view>

#include "util/require.h"
#include "util/sizes.h"
#include "util/text.h"

namespace digits {
namespace {

constexpr std::size_t largest_side = 40;  // of an image, in pixels
constexpr std::size_t gap = 2;            // between two images, in characters

// An image scaled to fit.
struct Canvas {
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::vector<int> ink;  // 0 ... 255

    // Below the last row is paper: half a line after an odd number of rows, whole lines beside a
    // taller image.
    int at(std::size_t row, std::size_t column) const {
        return row < rows ? ink[row * columns + column] : 0;
    }
};

// The source pixels, `from` in all, that pixel i of `to` pixels covers in whole or in part.
struct Covered {
    std::size_t begin, end;
};
Covered covered(std::size_t i, std::size_t to, std::size_t from) {
    return {i * from / to, ceil_div((i + 1) * from, to)};
}

int mean_ink(const CaptionedImage& image, Covered rows, Covered columns) {
    std::size_t sum = 0;
    for (std::size_t y = rows.begin; y < rows.end; ++y) {
        for (std::size_t x = columns.begin; x < columns.end; ++x) {
            sum += image.ink[y * image.columns + x];
        }
    }
    const std::size_t count = (rows.end - rows.begin) * (columns.end - columns.begin);
    return static_cast<int>((sum + count / 2) / count);
}

// Leaves an image that fits unchanged: each pixel covers one pixel.
Canvas scaled_to_fit(const CaptionedImage& image, std::size_t width) {
    require(!image.ink.empty() &&
                image.ink.size() == checked_product(image.rows, image.columns, "draw_images"),
            "draw_images: ", image.ink.size(), " pixels for an image of ", image.rows, " x ",
            image.columns);
    const std::size_t side = std::max(image.rows, image.columns);
    const std::size_t most = std::min({largest_side, width, side});
    Canvas canvas;
    canvas.rows = std::max<std::size_t>(1, image.rows * most / side);
    canvas.columns = std::max<std::size_t>(1, image.columns * most / side);
    for (std::size_t row = 0; row < canvas.rows; ++row) {
        for (std::size_t column = 0; column < canvas.columns; ++column) {
            canvas.ink.push_back(mean_ink(image, covered(row, canvas.rows, image.rows),
                                          covered(column, canvas.columns, image.columns)));
        }
    }
    return canvas;
}

// A character and the ink in its upper and in its lower half, 0 ... 255; for the punctuation marks
// estimated by eye.
struct ShadeCharacter {
    std::string_view utf8;
    int upper, lower;
};
constexpr ShadeCharacter blocks[] = {{" ", 0, 0},     {"░", 64, 64},   {"▒", 128, 128},
                                     {"▓", 191, 191}, {"█", 255, 255}, {"▀", 255, 0},
                                     {"▄", 0, 255}};
constexpr ShadeCharacter ascii[] = {
    {" ", 0, 0},   {"'", 130, 0},   {".", 0, 130},   {":", 120, 120}, {"\"", 230, 0},
    {"_", 0, 230}, {"+", 170, 170}, {"#", 255, 255}, {"P", 255, 130}, {"b", 130, 255}};

std::string_view closest(std::span<const ShadeCharacter> characters, int upper, int lower) {
    const auto distance = [&](const ShadeCharacter& character) {
        const int above = character.upper - upper, below = character.lower - lower;
        return above * above + below * below;
    };
    return std::ranges::min_element(characters, {}, distance)->utf8;
}

// The number of a grey among the 256 colors that most terminals have: 16 is black, 232 to 255
// are greys from dark to light in equal steps, 231 is white.
int color_of(int ink) {
    const int level = ((255 - ink) * 25 + 127) / 255;
    return level == 0 ? 16 : level == 25 ? 231 : 231 + level;
}

// Text line `line`, which shows pixel rows 2 * line and 2 * line + 1.
std::string drawn_line(const Canvas& canvas, std::size_t line, ImageStyle style) {
    std::string result, previous;
    for (std::size_t column = 0; column < canvas.columns; ++column) {
        const int upper = canvas.at(2 * line, column), lower = canvas.at(2 * line + 1, column);
        if (style == ImageStyle::color) {
            const std::string colors =
                str_cat("\x1b[38;5;", color_of(upper), ";48;5;", color_of(lower), "m");
            if (colors != previous) result += colors;
            result += "▀";
            previous = colors;
        } else if (style == ImageStyle::blocks) {
            result += closest(blocks, upper, lower);
        } else {
            result += closest(ascii, upper, lower);
        }
    }
    return style == ImageStyle::color ? result + "\x1b[0m" : result;
}

std::string first_characters(const std::string& utf8, std::size_t count) {
    std::string result;
    for (const char byte : utf8) {
        result += byte;
        if (character_count(result) > count) {
            result.pop_back();
            break;
        }
    }
    return result;
}

std::string value_of(const char* name, const Environment& environment) {
    const char* const found = environment(name);
    return found == nullptr ? "" : found;
}

// A line of text, composed of parts that start at given columns.
class Line {
public:
    void place(std::size_t column, std::size_t width, const std::string& part) {
        text_.append(column - column_, ' ').append(part);
        column_ = column + width;
    }
    std::string finished() const { return text_.substr(0, text_.find_last_not_of(' ') + 1) + "\n"; }

private:
    std::string text_;
    std::size_t column_ = 0;
};

}  // namespace

bool output_is_utf8(const Environment& environment) {
    // POSIX: the first of these variables that is set decides the encoding.
    std::string locale;
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        if (locale.empty()) locale = value_of(name, environment);
    }
    // If none is set, as in a container, the terminal most likely understands UTF-8, which locales
    // spell "UTF-8", "utf8", "utf-8" ...
    std::erase(locale, '-');
    locale = lower_case(locale);
    return locale.empty() || locale.find("utf8") != std::string::npos;
}

ImageStyle image_style(bool is_terminal, const Environment& environment) {
    if (!output_is_utf8(environment)) return ImageStyle::ascii;
    if (!is_terminal) return ImageStyle::blocks;
    const std::string terminal = value_of("TERM", environment);
    // Old terminals print the codes of 256 colours as text or take them for other commands.
    const bool has_256_colors = terminal.ends_with("-256color") ||
                                terminal.find("-256color-") != std::string::npos ||
                                terminal.ends_with("-direct") || terminal == windows_terminal ||
                                !value_of("COLORTERM", environment).empty();
    const bool has_color = !terminal.empty() && terminal != "dumb" && has_256_colors &&
                           value_of("NO_COLOR", environment).empty();
    return has_color ? ImageStyle::color : ImageStyle::blocks;
}

std::string draw_images(std::span<const CaptionedImage> images, ImageStyle style,
                        std::size_t width) {
    require(width > 0, "draw_images: the width is 0 characters; expected at least 1");
    std::vector<Canvas> canvases;
    std::vector<std::string> captions;
    std::size_t cell = 1, rows = 0;  // of the largest image or caption
    for (const CaptionedImage& image : images) {
        canvases.push_back(scaled_to_fit(image, width));
        captions.push_back(first_characters(image.caption, width));
        cell = std::max({cell, canvases.back().columns, character_count(captions.back())});
        rows = std::max(rows, canvases.back().rows);
    }
    const std::size_t per_row = std::max<std::size_t>(1, (width + gap) / (cell + gap));

    std::string drawing;
    for (std::size_t first = 0; first < images.size(); first += per_row) {
        if (first > 0) drawing += "\n";
        const std::size_t end = std::min(first + per_row, images.size());
        const auto left = [&](std::size_t i, std::size_t content) {
            return (i - first) * (cell + gap) + (cell - content) / 2;
        };
        for (std::size_t line = 0; 2 * line < rows; ++line) {
            Line whole;
            for (std::size_t i = first; i < end; ++i) {
                const std::size_t columns = canvases[i].columns;
                whole.place(left(i, columns), columns, drawn_line(canvases[i], line, style));
            }
            drawing += whole.finished();
        }
        Line below;
        for (std::size_t i = first; i < end; ++i) {
            const std::size_t length = character_count(captions[i]);
            below.place(left(i, length), length, captions[i]);
        }
        if (below.finished() != "\n") drawing += below.finished();
    }
    return drawing;
}

}  // namespace digits
