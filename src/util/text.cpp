#include "util/text.h"

#include <algorithm>
#include <charconv>
#include <clocale>
#include <cmath>
#include <cstdlib>
#include <iterator>
#include <limits>

namespace digits {
namespace {

constexpr std::size_t line_width = 80;

// As printf() writes it with `%.*g` or `%.*f` in the "C" locale. The sign of a NaN has no meaning
// and depends on the processor: it is left out.
std::string formatted(double value, std::chars_format format, int precision) {
    char digits[512];  // the largest double has 309 digits before the point
    const double printed = std::isnan(value) ? std::abs(value) : value;
    const auto result =
        std::to_chars(std::begin(digits), std::end(digits), printed, format, precision);
    return {digits, result.ptr};
}

// The bytes of the character that `text` begins with, or, if it begins with none, those of the
// longest beginning of one; at least 1.
struct Utf8Character {
    std::size_t size;
    bool is_valid;
};

Utf8Character first_character(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = byte(0);
    if (first < 0x80) return {1, true};
    const std::size_t size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (first < 0xc2 || first > 0xf4) return {1, false};
    // The second byte excludes forms longer than needed, surrogates, and what exceeds U+10FFFF.
    unsigned low = 0x80, high = 0xbf;
    if (first == 0xe0) low = 0xa0;
    if (first == 0xed) high = 0x9f;
    if (first == 0xf0) low = 0x90;
    if (first == 0xf4) high = 0x8f;
    for (std::size_t i = 1; i < size; ++i) {
        if (i == text.size() || byte(i) < low || byte(i) > high) return {i, false};
        low = 0x80;
        high = 0xbf;
    }
    return {size, true};
}

// Whether a character has an effect on a terminal instead of a shape: control characters except the
// newline, and the marks that change the direction of writing.
bool is_control(std::string_view character) {
    const auto first = static_cast<unsigned char>(character[0]);
    if (character.size() == 1) return (first < 0x20 && first != '\n') || first == 0x7f;
    if (character.size() == 2) return character < "\xc2\xa0";  // U+0080 to U+009F
    constexpr std::string_view marks[] = {"\u200e", "\u200f", "\u2028", "\u2029", "\u202a",
                                          "\u202b", "\u202c", "\u202d", "\u202e", "\u2066",
                                          "\u2067", "\u2068", "\u2069"};
    return std::ranges::find(marks, character) != std::end(marks);
}

}  // namespace

TextPiece::TextPiece(double number) : words_(formatted(number, std::chars_format::general, 6)) {}

std::string concatenated(std::initializer_list<TextPiece> pieces) {
    std::size_t size = 0;
    for (const TextPiece& piece : pieces) size += piece.words().size();
    std::string text;
    text.reserve(size);
    for (const TextPiece& piece : pieces) text += piece.words();
    return text;
}

std::optional<double> parse_number(std::string_view text) {
    // The other characters of strtod() are those of hexadecimal numbers, infinity and NaN, or the
    // locale's.
    const bool is_plain = text.find_first_not_of("+-.0123456789eE") == text.npos;
    if (text.empty() || !is_plain) return std::nullopt;
    // Some standard libraries lack from_chars() for floating point, so strtod() has to do, which
    // expects the decimal point of the process's locale.
    std::string local;
    for (const char c : text) {
        if (c == '.') {
            local += std::localeconv()->decimal_point;
        } else {
            local += c;
        }
    }
    char* stopped = nullptr;
    const double number = std::strtod(local.c_str(), &stopped);
    if (stopped != local.c_str() + local.size()) return std::nullopt;
    return number;
}

std::string lower_case(std::string text) {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return text;
}

std::vector<std::string> split_words(std::string_view text) {
    constexpr std::string_view spaces = " \t\r\n";
    std::vector<std::string> words;
    for (std::size_t at = 0; (at = text.find_first_not_of(spaces, at)) != text.npos;) {
        const std::size_t end = std::min(text.find_first_of(spaces, at), text.size());
        words.emplace_back(text.substr(at, end - at));
        at = end;
    }
    return words;
}

std::vector<std::string> split_lines(std::string_view text) {
    std::vector<std::string> lines;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        lines.emplace_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return lines;
}

std::string format_fixed(double value, int decimals) {
    return formatted(value, std::chars_format::fixed, decimals);
}

std::string percent(double share) {
    return format_fixed(100.0 * share, 2) + " %";
}

std::string with_commas(std::size_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t from_end = 3; from_end < digits.size(); from_end += 4) {
        digits.insert(digits.size() - from_end, 1, ',');
    }
    return digits;
}

std::string csv_number(std::optional<double> value) {
    return value ? formatted(*value, std::chars_format::general, 9) : "";
}

std::string replaced(std::string_view text, std::string_view old, std::string_view with) {
    std::string result;
    for (std::size_t at; (at = text.find(old)) != std::string_view::npos;) {
        result.append(text.substr(0, at)).append(with);
        text.remove_prefix(at + old.size());
    }
    return result.append(text);
}

std::string pad_left(const std::string& words, std::size_t width) {
    return words.size() < width ? std::string(width - words.size(), ' ') + words : words;
}

void append_utf8(std::string& text, std::uint32_t character) {
    const auto append = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
    if (character < 0x80) return append(character);
    if (character < 0x800) {
        append(0xc0 | character >> 6);
    } else {
        if (character < 0x10000) {
            append(0xe0 | character >> 12);
        } else {
            append(0xf0 | character >> 18);
            append(0x80 | (character >> 12 & 0x3f));
        }
        append(0x80 | (character >> 6 & 0x3f));
    }
    append(0x80 | (character & 0x3f));
}

std::string valid_utf8(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size());
    while (!bytes.empty()) {
        const auto [size, is_valid] = first_character(bytes);
        text += is_valid ? bytes.substr(0, size) : replacement_character;
        bytes.remove_prefix(size);
    }
    return text;
}

std::string printable(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const auto [size, is_valid] = first_character(text);
        const std::string_view character = text.substr(0, size);
        result += is_valid && !is_control(character) ? character : "?";
        text.remove_prefix(size);
    }
    return result;
}

std::string printable_line(std::string_view text) {
    std::string line = printable(text);
    std::ranges::replace(line, '\n', '?');
    return line;
}

std::size_t character_count(std::string_view utf8) {
    // Bytes 10xxxxxx continue a character that an earlier byte began.
    return static_cast<std::size_t>(
        std::count_if(utf8.begin(), utf8.end(), [](char byte) { return (byte & 0xc0) != 0x80; }));
}

std::string duration(double seconds) {
    if (seconds < 9.95) return format_fixed(seconds, 1) + " s";
    const auto whole = static_cast<std::size_t>(std::lround(seconds));
    if (whole < 60) return std::to_string(whole) + " s";
    return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
}

void append_wrapped(std::string& lines, std::size_t used, const std::string& words,
                    std::size_t indent) {
    for (std::size_t at = 0; (at = words.find_first_not_of(" \n\t", at)) != std::string::npos;) {
        const std::size_t end = std::min(words.find_first_of(" \n\t", at), words.size());
        const std::string_view word = std::string_view(words).substr(at, end - at);
        at = end;
        if (used + 1 + word.size() > line_width && used > indent) {
            lines.append("\n").append(indent, ' ');
            used = indent;
        } else if (used > indent) {
            lines += " ";
            ++used;
        }
        lines += word;
        used += word.size();
    }
    lines += "\n";
}

std::string wrapped(const std::string& words, std::size_t indent) {
    std::string lines(indent, ' ');
    append_wrapped(lines, indent, words, indent);
    return lines;
}

}  // namespace digits
