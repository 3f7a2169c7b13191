#include "data/json.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "math/require.h"

namespace digits {
namespace {

constexpr std::size_t line_width = 100;

template <class Float>
std::string shortest(Float value) {
    if (!std::isfinite(value)) return "null";
    // to_chars() alone would write 0.0001 as 1e-04; this keeps to the notation that people expect.
    const Float size = std::abs(value);
    const bool is_plain = size == 0 || (size >= Float(1e-5) && size < Float(1e16));
    char digits[64];
    const auto result =
        std::to_chars(std::begin(digits), std::end(digits), value,
                      is_plain ? std::chars_format::fixed : std::chars_format::scientific);
    return {digits, result.ptr};
}

// Quotes and backslashes need a backslash, control characters their number; all other bytes stand
// for themselves, those of UTF-8 characters included.
std::string quoted(std::string_view utf8) {
    const char* hex = "0123456789abcdef";
    std::string result = "\"";
    for (const char c : utf8) {
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
    require(is_new, "json: the object has a member \"", key, "\" already");
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

std::optional<std::uint64_t> Json::whole() const {
    std::uint64_t number = 0;
    const char* const end = scalar_.data() + scalar_.size();
    const auto [stopped, error] = std::from_chars(scalar_.data(), end, number);
    if (kind_ != Kind::scalar || error != std::errc{} || stopped != end) return std::nullopt;
    return number;
}

std::optional<double> Json::number() const {
    char* stopped = nullptr;
    const double number = std::strtod(scalar_.c_str(), &stopped);
    const bool is_word = scalar_ == "null" || scalar_ == "true" || scalar_ == "false";
    if (kind_ != Kind::scalar || is_word || *stopped != '\0') return std::nullopt;
    return number;
}

std::string Json::to_line() const {
    if (kind_ == Kind::scalar) return scalar_;
    if (kind_ == Kind::string) return quoted(scalar_);
    std::string line = kind_ == Kind::object ? "{" : "[";
    for (const auto& [key, value] : members_) {
        if (line.size() > 1) line += ", ";
        if (kind_ == Kind::object) line += quoted(key) + ": ";
        line += value.to_line();
    }
    return line + (kind_ == Kind::object ? "}" : "]");
}

// `column` is how much of the line is taken: by the indentation, and by the key before the value.
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
        const std::string name = kind_ == Kind::object ? quoted(key) + ": " : "";
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

}  // namespace digits
