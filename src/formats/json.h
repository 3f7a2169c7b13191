// JSON (RFC 8259): reading and writing, for results and for the headers of model files.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace digits {

// One JSON value. Numbers and strings convert implicitly, and objects keep the order in which their
// members were set:
//
//     Json run = Json::object();
//     run.set("seed", 42).set("accuracy", 0.98).set("layers", Json::array({784, 128, 10}));
//     file << run.to_text();
class Json {
public:
    Json(std::nullptr_t) : scalar_("null") {}
    Json(std::string_view utf8) : kind_(Kind::string), scalar_(utf8) {}
    Json(const std::string& utf8) : Json(std::string_view(utf8)) {}
    Json(const char* utf8) : Json(std::string_view(utf8)) {}

    // A template, because otherwise every pointer would convert to bool.
    template <std::same_as<bool> Bool>
    Json(Bool value) : scalar_(value ? "true" : "false") {}

    template <std::integral Integer>
    requires(!std::same_as<Integer, bool> && !std::same_as<Integer, char>) Json(Integer value)
        : scalar_(std::to_string(value)) {}

    // The shortest digits that read back as the same number. JSON has neither infinity nor NaN:
    // they become null.
    Json(double value);
    Json(float value);

    static Json object();
    static Json array();

    // An array of the elements of any range.
    template <class Values>
    static Json array(const Values& values) {
        Json result = array();
        for (const auto& value : values) result.add(value);
        return result;
    }
    template <class Value>
    static Json array(std::initializer_list<Value> values) {
        return array<std::initializer_list<Value>>(values);
    }

    // Append a member to an object, or an element to an array. They throw std::invalid_argument for
    // any other kind of value, and if the object already has a member with this key.
    Json& set(std::string_view key, Json value);
    Json& add(Json value);

    using Member = std::pair<std::string, Json>;

    bool is_object() const { return kind_ == Kind::object; }
    bool is_array() const { return kind_ == Kind::array; }
    // The members of an object, or the elements of an array, with empty keys; otherwise empty.
    std::span<const Member> members() const { return members_; }
    // The member with this key; null if there is none or if this is not an object.
    const Json* find(std::string_view key) const;
    // The content of a string; null for other kinds of values.
    const std::string* string() const { return kind_ == Kind::string ? &scalar_ : nullptr; }
    // Nothing if this is not a whole number from 0 to 2^64 - 1.
    std::optional<std::uint64_t> as_uint() const;
    // Nothing if this is not a number.
    std::optional<double> as_double() const;

    // On a single line, without a newline at the end. Bytes of strings that are not UTF-8 are
    // written as U+FFFD.
    std::string to_line() const;

    // Indented by two spaces, with a newline at the end. Values that fit into 100 columns are on
    // one line: a row of a confusion matrix, the results of an epoch.
    std::string to_text() const;

private:
    friend class JsonReader;

    // A scalar is a number, a boolean or null.
    enum class Kind { scalar, string, array, object };

    explicit Json(Kind kind) : kind_(kind) {}
    void append_to(std::string& text, std::size_t indent, std::size_t column) const;

    Kind kind_ = Kind::scalar;
    std::string scalar_;           // as it is written; for a string, its content
    std::vector<Member> members_;  // key (empty in arrays) and value
};

// Parses a JSON text. Throws std::runtime_error, which begins with `name`, if it is not valid JSON,
// if an object has a duplicate key, or if values are nested deeper than 64, which no real file
// needs and which would exhaust the stack.
Json read_json(std::string_view utf8, const std::string& name);

}  // namespace digits
