// Reads JSON by its grammar (RFC 8259): a function for each kind of value, a letter at a time.
#include <algorithm>

#include "data/json.h"
#include "math/require.h"

namespace digits {
namespace {

constexpr std::size_t deepest = 64;

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
        if (at_ < text_.size()) damaged("nothing more");
        return result;
    }

private:
    [[noreturn]] void damaged(std::string_view expected) const {
        fail(name_, ": this is no JSON: expected ", expected, " at byte ", at_, " of ",
             text_.size());
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
        if (depth == deepest) damaged("values nested no deeper");
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
            if (!take('"')) damaged("a member's name in quotes");
            std::string key = string();
            skip_space();
            if (!take(':')) damaged("a colon");
            result.members_.emplace_back(std::move(key), value(depth + 1));
            skip_space();
        } while (take(','));
        if (!take('}')) damaged("a comma or }");
        require_unique_keys(result);
        return result;
    }

    // By sorting: comparing each with each would take hours for a header made to waste time.
    void require_unique_keys(const Json& object) const {
        std::vector<std::string_view> keys;
        for (const Json::Member& member : object.members_) keys.push_back(member.first);
        std::ranges::sort(keys);
        if (std::ranges::adjacent_find(keys) != keys.end()) damaged("no two members of one name");
    }

    Json array(std::size_t depth) {
        Json result = Json::array();
        skip_space();
        if (take(']')) return result;
        do {
            result.members_.emplace_back("", value(depth + 1));
            skip_space();
        } while (take(','));
        if (!take(']')) damaged("a comma or ]");
        return result;
    }

    // Behind the opening quote.
    std::string string() {
        std::string result;
        while (!take('"')) {
            if (at_ == text_.size()) damaged("a closing quote");
            const char c = text_[at_++];
            if (static_cast<unsigned char>(c) < 0x20) damaged("no control character in a string");
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
                damaged("a character that may follow a backslash");
            }
        }
        return result;
    }

    // Characters beyond 2^16 are written as two escapes, a high and a low surrogate of ten bits.
    std::uint32_t escaped_character() {
        const std::uint32_t first = four_digits();
        if (first < 0xd800 || first > 0xdfff) return first;
        if (first > 0xdbff || !take('\\') || !take('u')) damaged("a pair of surrogates");
        const std::uint32_t second = four_digits();
        if (second < 0xdc00 || second > 0xdfff) damaged("a pair of surrogates");
        return 0x10000 + ((first & 0x3ff) << 10 | (second & 0x3ff));
    }

    std::uint32_t four_digits() {
        std::uint32_t number = 0;
        for (int i = 0; i < 4; ++i, ++at_) {
            constexpr std::string_view digits = "0123456789abcdef0123456789ABCDEF";
            const std::size_t digit = digits.find(peek());
            if (at_ >= text_.size() || digit == std::string_view::npos) {
                damaged("four hexadecimal digits");
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
        if (!is_digit(peek())) damaged("a value");
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
