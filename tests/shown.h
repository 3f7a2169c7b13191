// The text of any value, as a failed check prints it.
#pragma once

#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdio>
#include <iterator>
#include <string>
#include <string_view>
#include <type_traits>

#include "util/text.h"

namespace digits::testing {

// In quotation marks. Control characters and bytes above ASCII are octal escapes, which end after
// three digits whatever follows.
inline std::string in_quotes(std::string_view words) {
    std::string text = "\"";
    for (const char c : words) {
        const auto byte = static_cast<unsigned char>(c);
        char escaped[8];
        std::snprintf(escaped, sizeof escaped, byte < 32 || byte > 126 ? "\\%03o" : "%c", byte);
        if (c == '"' || c == '\\') text += '\\';
        text += c == '\n' ? "\\n" : escaped;
    }
    return text + '"';
}

// The shortest decimal number that reads back as the same value: 0.1, 0.30000000000000004.
template <std::floating_point Float>
std::string shortest(Float number) {
    char text[64];
    const auto result = std::to_chars(std::begin(text), std::end(text), number);
    return {text, result.ptr};
}

template <class Value>
std::string shown(const Value& value) {
    if constexpr (std::same_as<Value, std::nullptr_t>) {
        return "nullptr";
    } else if constexpr (std::is_pointer_v<Value>) {
        if (value == nullptr) return "nullptr";
        if constexpr (std::convertible_to<Value, std::string_view>) return in_quotes(value);
        return "a pointer";
    } else if constexpr (std::convertible_to<const Value&, std::string_view>) {
        return in_quotes(value);
    } else if constexpr (std::same_as<Value, char>) {
        return in_quotes({&value, 1});
    } else if constexpr (std::floating_point<Value>) {
        return shortest(value);
    } else if constexpr (std::convertible_to<const Value&, TextPiece>) {
        return str_cat(value);
    } else if constexpr (std::is_enum_v<Value>) {
        return str_cat("enumerator ", static_cast<long long>(value));
    } else if constexpr (requires { value.has_value(), *value; }) {
        return value.has_value() ? shown(*value) : "no value";
    } else if constexpr (requires { value.rows(), value.columns(), value(0, 0); }) {
        std::string text = str_cat(value.rows(), "x", value.columns(), " {");
        for (std::size_t i = 0; i < value.rows() && i < 8; ++i) {
            for (std::size_t j = 0; j < value.columns() && j < 8; ++j) {
                text += str_cat(j == 0 ? i == 0 ? "" : "; " : ", ", shown(value(i, j)));
            }
        }
        return text + (value.rows() > 8 || value.columns() > 8 ? ", ...}" : "}");
    } else if constexpr (requires { std::begin(value) != std::end(value); }) {
        std::string text = "{";
        std::size_t count = 0;
        for (const auto& element : value) {
            if (++count > 20) return text + ", ...}";
            text += str_cat(count == 1 ? "" : ", ", shown(element));
        }
        return text + "}";
    } else if constexpr (requires { value.first, value.second; }) {
        return str_cat("(", shown(value.first), ", ", shown(value.second), ")");
    } else {
        return "...";
    }
}

}  // namespace digits::testing
