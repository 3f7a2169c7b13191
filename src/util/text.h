// Text from numbers and words: concatenation, fixed decimals, thousands separators, line wrapping;
// and text from outside made safe to write.
#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace digits {

// One argument of str_cat(): a string, a character, a number, or anything with its own to_text().
// Numbers look the same in every locale: integers in full, floating point with up to six
// significant digits, as printf("%g") writes them in the "C" locale, and NaN without its sign,
// which means nothing.
class TextPiece {
public:
    TextPiece(std::string_view words) : words_(words) {}
    TextPiece(const std::string& words) : words_(words) {}
    TextPiece(const char* words) : words_(words) {}
    TextPiece(char character) : words_(1, character) {}
    template <std::same_as<bool> Bool>
    TextPiece(Bool truth) : words_(truth ? "true" : "false") {}
    TextPiece(double number);
    TextPiece(float number) : TextPiece(static_cast<double>(number)) {}
    template <std::integral Integer>
    requires(!std::same_as<Integer, char> && !std::same_as<Integer, bool>) TextPiece(Integer number)
        : words_(std::to_string(number)) {}
    template <class Value>
    requires requires(const Value& value) { to_text(value); }
    TextPiece(const Value& value) : words_(to_text(value)) {}

    const std::string& words() const { return words_; }

private:
    std::string words_;
};

std::string concatenated(std::initializer_list<TextPiece> pieces);

// Concatenates its arguments: str_cat("a batch of ", 128) is "a batch of 128".
template <class... Pieces>
std::string str_cat(const Pieces&... pieces) {
    return concatenated({TextPiece(pieces)...});
}

// The number that the whole text is, such as "0.25", "-1e-3" or "2"; nothing else is one: no
// spaces, no "0x10", "inf" or "nan", in every locale a point and no comma. Too large ones are
// infinite.
std::optional<double> parse_number(std::string_view text);

// ASCII letters in lower case, other bytes as they are, in every locale.
std::string lower_case(std::string text);

// The words between spaces, tabs and newlines.
std::vector<std::string> split_words(std::string_view text);

// The lines of a text, without their newlines; what follows the last newline is a line if it is not
// empty.
std::vector<std::string> split_lines(std::string_view text);

// format_fixed(0.98125, 4) is "0.9813"
std::string format_fixed(double value, int decimals);

// percent(0.98125) is "98.13 %"
std::string percent(double share);

// with_commas(1234567) is "1,234,567"
std::string with_commas(std::size_t number);

// A number as a CSV field: nine significant digits, or empty if there is none.
std::string csv_number(std::optional<double> value);

// The text with every occurrence of `old`, which is not empty, replaced by `with`.
std::string replaced(std::string_view text, std::string_view old, std::string_view with);

// Right-aligned in `width` bytes; longer text is not shortened.
std::string pad_left(const std::string& words, std::size_t width);

// Appends a Unicode code point in UTF-8 (RFC 3629).
void append_utf8(std::string& text, std::uint32_t character);

inline constexpr std::string_view replacement_character = "\xef\xbf\xbd";  // U+FFFD, in UTF-8

// The text with every byte that does not belong to a UTF-8 character (RFC 3629) replaced by U+FFFD,
// as all files require that other programs read: a file name may be any bytes. A truncated
// character becomes a single U+FFFD, as the Unicode standard recommends.
std::string valid_utf8(std::string_view bytes);

// The text for a terminal: what could move the cursor, rename the window or change the direction of
// writing is a question mark, that is control characters except the newline, bytes that are not
// UTF-8, and marks of Unicode. For untrusted text, such as what a message quotes from a file.
std::string printable(std::string_view text);

// The same without newlines, for a name within a line.
std::string printable_line(std::string_view text);

// The number of characters, not bytes, for aligning UTF-8 text in columns.
std::size_t character_count(std::string_view utf8);

// "0.4 s", "12 s", "3 min 20 s"
std::string duration(double seconds);

// Appends `words` to `lines`, whose last line is `used` characters long, and breaks at spaces so
// that no line is wider than 80; continuation lines are indented.
void append_wrapped(std::string& lines, std::size_t used, const std::string& words,
                    std::size_t indent);

// The words as lines of at most 80 characters, each indented.
std::string wrapped(const std::string& words, std::size_t indent = 0);

}  // namespace digits
