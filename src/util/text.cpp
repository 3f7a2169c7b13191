#include "util/text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <limits>

namespace digits {
namespace {

constexpr std::size_t line_width = 80;

// The sign of a NaN depends on the processor and the compiler.
double without_nan_sign(double number) {
    return std::isnan(number) ? std::numeric_limits<double>::quiet_NaN() : number;
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

}  // namespace

TextPiece::TextPiece(double number) {
    number = without_nan_sign(number);
    char digits[64];
    const auto result =
        std::to_chars(std::begin(digits), std::end(digits), number, std::chars_format::general, 6);
    words_.assign(digits, result.ptr);
}

std::string concatenated(std::initializer_list<TextPiece> pieces) {
    std::size_t size = 0;
    for (const TextPiece& piece : pieces) size += piece.words().size();
    std::string text;
    text.reserve(size);
    for (const TextPiece& piece : pieces) text += piece.words();
    return text;
}

std::string format_fixed(double value, int decimals) {
    value = without_nan_sign(value);
    char digits[512];  // the largest double has 309 digits before the point
    const auto result = std::to_chars(std::begin(digits), std::end(digits), value,
                                      std::chars_format::fixed, decimals);
    return {digits, result.ptr};
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
    if (!value) return "";
    char digits[64];
    const auto result = std::to_chars(std::begin(digits), std::end(digits),
                                      without_nan_sign(*value), std::chars_format::general, 9);
    return {digits, result.ptr};
}

std::string pad_left(const std::string& words, std::size_t width) {
    return words.size() < width ? std::string(width - words.size(), ' ') + words : words;
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
    const std::string valid = valid_utf8(text);
    std::string result;
    for (std::size_t i = 0; i < valid.size(); ++i) {
        const auto byte = static_cast<unsigned char>(valid[i]);
        // U+0080 to U+009F, which are the bytes c2 80 to c2 9f: U+009B begins a command as the
        // escape character and a bracket do.
        const bool is_c1 = byte == 0xc2 && static_cast<unsigned char>(valid[i + 1]) < 0xa0;
        const bool is_control = is_c1 || (byte < 0x20 && byte != '\n') || byte == 0x7f;
        result += is_control ? '?' : valid[i];
        i += is_c1;
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
