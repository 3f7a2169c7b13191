#include "formats/json.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "util/require.h"
#include "util/text.h"

namespace digits {

// Writing.

namespace {

constexpr std::size_t line_width = 100;

template <class Float>
std::string shortest(Float value) {
    if (!std::isfinite(value)) return "null";
    // to_chars() alone would write 0.0001 as 1e-04; this prefers the notation that readers expect.
    const Float size = std::abs(value);
    const bool is_plain = size == 0 || (size >= Float(1e-5) && size < Float(1e16));
    char digits[64];
    const auto result =
        std::to_chars(std::begin(digits), std::end(digits), value,
                      is_plain ? std::chars_format::fixed : std::chars_format::scientific);
    return {digits, result.ptr};
}

// Quotes and backslashes are escaped by a backslash, control characters by their number; all other
// characters are copied.
std::string quoted_json(std::string_view text) {
    const char* hex = "0123456789abcdef";
    std::string result = "\"";
    for (const char c : valid_utf8(text)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20) {
            result += {'\\', 'u', '0', '0', hex[byte / 16], hex[byte % 16]};
        } else {
            if (c == '"' || c == '\\') result += '\\';
            result += c;
        }
    }
    return result + "\"";
}

}  // namespace

Json::Json(double value) : scalar_(shortest(value)) {}
Json::Json(float value) : scalar_(shortest(value)) {}

Json Json::object() {
    return Json(Kind::object);
}
Json Json::array() {
    return Json(Kind::array);
}

Json& Json::set(std::string_view key, Json value) {
    require(kind_ == Kind::object, "json: set(\"", key, "\") needs an object");
    const bool is_new = std::none_of(members_.begin(), members_.end(),
                                     [&](const auto& member) { return member.first == key; });
    require(is_new, "json: duplicate key \"", key, "\"");
    members_.emplace_back(key, std::move(value));
    return *this;
}

Json& Json::add(Json value) {
    require(kind_ == Kind::array, "json: add() needs an array");
    members_.emplace_back("", std::move(value));
    return *this;
}

const Json* Json::find(std::string_view key) const {
    if (kind_ != Kind::object) return nullptr;
    const auto found = std::ranges::find(members_, key, &Member::first);
    return found == members_.end() ? nullptr : &found->second;
}

std::optional<std::uint64_t> Json::as_uint() const {
    std::uint64_t number = 0;
    const char* const end = scalar_.data() + scalar_.size();
    const auto [stopped, error] = std::from_chars(scalar_.data(), end, number);
    if (kind_ != Kind::scalar || error != std::errc{} || stopped != end) return std::nullopt;
    return number;
}

std::optional<double> Json::as_double() const {
    if (kind_ != Kind::scalar) return std::nullopt;
    return parse_number(scalar_);  // none of null, true and false is one
}

std::string Json::to_line() const {
    if (kind_ == Kind::scalar) return scalar_;
    if (kind_ == Kind::string) return quoted_json(scalar_);
    std::string line = kind_ == Kind::object ? "{" : "[";
    for (const auto& [key, value] : members_) {
        if (line.size() > 1) line += ", ";
        if (kind_ == Kind::object) line += quoted_json(key) + ": ";
        line += value.to_line();
    }
    return line + (kind_ == Kind::object ? "}" : "]");
}

// `column` is the part of the line that is used by the indentation and by the key before the value.
void Json::append_to(std::string& text, std::size_t indent, std::size_t column) const {
    const std::string line = to_line();
    if (members_.empty() || column + line.size() < line_width) {
        text += line;
        return;
    }
    const std::size_t inner = indent + 2;
    text += kind_ == Kind::object ? "{" : "[";
    const char* separator = "\n";
    for (const auto& [key, value] : members_) {
        const std::string name = kind_ == Kind::object ? quoted_json(key) + ": " : "";
        text.append(separator).append(inner, ' ').append(name);
        value.append_to(text, inner, inner + name.size());
        separator = ",\n";
    }
    text.append("\n").append(indent, ' ').append(kind_ == Kind::object ? "}" : "]");
}

std::string Json::to_text() const {
    std::string text;
    append_to(text, 0, 0);
    return text + "\n";
}

// Reading: a recursive-descent parser for the grammar of RFC 8259, one function per kind of value.

namespace {

constexpr std::size_t max_depth = 64;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

}  // namespace

class JsonReader {
public:
    JsonReader(std::string_view text, const std::string& name) : text_(text), name_(name) {}

    Json whole_text() {
        Json result = value(0);
        skip_space();
        if (at_ < text_.size()) invalid("unexpected text after the value");
        return result;
    }

private:
    template <class... Parts>
    [[noreturn]] void invalid(const Parts&... problem) const {
        fail(name_, ": invalid JSON at byte ", at_, ": ", problem...);
    }

    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

    bool take(char wanted) {
        const bool is_there = at_ < text_.size() && text_[at_] == wanted;
        at_ += is_there;
        return is_there;
    }

    void skip_space() {
        while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') ++at_;
    }

    Json value(std::size_t depth) {
        if (depth == max_depth) invalid("nested deeper than ", max_depth);
        skip_space();
        if (take('{')) return object(depth);
        if (take('[')) return array(depth);
        if (take('"')) return string();
        for (const std::string_view word : {"true", "false", "null"}) {
            if (!text_.substr(at_).starts_with(word)) continue;
            at_ += word.size();
            return scalar(word);
        }
        return number();
    }

    Json object(std::size_t depth) {
        Json result = Json::object();
        skip_space();
        if (take('}')) return result;
        do {
            skip_space();
            if (!take('"')) invalid("expected a key in quotes");
            std::string key = string();
            skip_space();
            if (!take(':')) invalid("expected a colon");
            result.members_.emplace_back(std::move(key), value(depth + 1));
            skip_space();
        } while (take(','));
        if (!take('}')) invalid("expected a comma or }");
        require_unique_keys(result);
        return result;
    }

    // Sorts the keys: comparing all pairs would take hours for a malicious header with many keys.
    void require_unique_keys(const Json& object) const {
        std::vector<std::string_view> keys;
        for (const Json::Member& member : object.members_) keys.push_back(member.first);
        std::ranges::sort(keys);
        const auto duplicate = std::ranges::adjacent_find(keys);
        if (duplicate != keys.end()) invalid("duplicate key \"", duplicate->substr(0, 40), "\"");
    }

    Json array(std::size_t depth) {
        Json result = Json::array();
        skip_space();
        if (take(']')) return result;
        do {
            result.members_.emplace_back("", value(depth + 1));
            skip_space();
        } while (take(','));
        if (!take(']')) invalid("expected a comma or ]");
        return result;
    }

    // Begins after the opening quote.
    std::string string() {
        std::string result;
        while (!take('"')) {
            if (at_ == text_.size()) invalid("expected a closing quote");
            const char c = text_[at_++];
            if (static_cast<unsigned char>(c) < 0x20) invalid("control character in a string");
            if (c != '\\') {
                result += c;
                continue;
            }
            constexpr std::string_view names = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
            const std::size_t which = names.find(peek());
            if (take('u')) {
                append_utf8(result, escaped_character());
            } else if (at_ < text_.size() && which != std::string_view::npos) {
                result += meanings[which];
                ++at_;
            } else {
                invalid("unknown escape sequence");
            }
        }
        return result;
    }

    // Characters above U+FFFF are two escapes, a high and a low surrogate with ten bits each.
    std::uint32_t escaped_character() {
        const std::uint32_t first = four_digits();
        if (first < 0xd800 || first > 0xdfff) return first;
        if (first > 0xdbff || !take('\\') || !take('u')) invalid("expected a surrogate pair");
        const std::uint32_t second = four_digits();
        if (second < 0xdc00 || second > 0xdfff) invalid("expected a surrogate pair");
        return 0x10000 + ((first & 0x3ff) << 10 | (second & 0x3ff));
    }

    std::uint32_t four_digits() {
        std::uint32_t number = 0;
        for (int i = 0; i < 4; ++i, ++at_) {
            constexpr std::string_view digits = "0123456789abcdef0123456789ABCDEF";
            const std::size_t digit = digits.find(peek());
            if (at_ >= text_.size() || digit == std::string_view::npos) {
                invalid("expected four hexadecimal digits");
            }
            number = number << 4 | (digit & 15);
        }
        return number;
    }

    Json number() {
        const std::size_t start = at_;
        take('-');
        if (!take('0')) digits();
        if (take('.')) digits();
        if (take('e') || take('E')) {
            if (!take('+')) take('-');
            digits();
        }
        return scalar(text_.substr(start, at_ - start));
    }

    void digits() {
        if (!is_digit(peek())) invalid("expected a value");
        while (is_digit(peek())) ++at_;
    }

    static Json scalar(std::string_view written) {
        Json result(nullptr);
        result.scalar_ = written;
        return result;
    }

    std::string_view text_;
    const std::string& name_;
    std::size_t at_ = 0;
};

Json read_json(std::string_view utf8, const std::string& name) {
    return JsonReader(utf8, name).whole_text();
}

}  // namespace digits
