// JSON (RFC 8259), written and read: results for other programs, and the headers of model files.
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

// One JSON value. Numbers and strings turn into it by themselves, objects keep the order in which
// their members were set:
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

    // A template, because otherwise every pointer would turn into a truth value.
    template <std::same_as<bool> Bool>
    Json(Bool value) : scalar_(value ? "true" : "false") {}

    template <std::integral Integer>
    requires(!std::same_as<Integer, bool> && !std::same_as<Integer, char>) Json(Integer value)
        : scalar_(std::to_string(value)) {}

    // As few digits as read back as the same number. JSON has neither infinity nor not-a-number:
    // they become null.
    Json(double value);
    Json(float value);

    static Json object();
    static Json array();

    // An array of anything that can be looped over.
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

    // Appends a member to an object, an element to an array. Throws std::invalid_argument for any
    // other value, and where the object has such a member already.
    Json& set(std::string_view key, Json value);
    Json& add(Json value);

    using Member = std::pair<std::string, Json>;

    bool is_object() const { return kind_ == Kind::object; }
    bool is_array() const { return kind_ == Kind::array; }
    // Of an object; of an array, whose keys are empty, the elements; of all else, nothing.
    std::span<const Member> members() const { return members_; }
    // The member of that name, or null: this is no object, or has none.
    const Json* find(std::string_view key) const;
    // What a string says; null for all else.
    const std::string* string() const { return kind_ == Kind::string ? &scalar_ : nullptr; }
    // Nothing where this is no whole number, or one beyond 64 bits.
    std::optional<std::uint64_t> whole() const;
    // Nothing where this is no number.
    std::optional<double> number() const;

    // Without a newline anywhere.
    std::string to_line() const;

    // Indented by two spaces, with a newline at the end. What fits into 100 columns stands on one
    // line: a row of a confusion matrix, the results of an epoch.
    std::string to_text() const;

private:
    friend class JsonReader;

    // A scalar is a number, a truth value or null.
    enum class Kind { scalar, string, array, object };

    explicit Json(Kind kind) : kind_(kind) {}
    void append_to(std::string& text, std::size_t indent, std::size_t column) const;

    Kind kind_ = Kind::scalar;
    std::string scalar_;           // as it is written; of a string, what it says
    std::vector<Member> members_;  // key (empty in arrays) and value
};

// The value that the text is. Throws std::runtime_error, which begins with `name`, when it is none,
// when an object has two members of one name, or when it is nested deeper than 64 values, which no
// honest file is and which would exhaust the stack.
Json read_json(std::string_view utf8, const std::string& name);

}  // namespace digits
