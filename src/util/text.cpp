#include "util/text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>

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

std::string pad_left(const std::string& words, std::size_t width) {
    return words.size() < width ? std::string(width - words.size(), ' ') + words : words;
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
