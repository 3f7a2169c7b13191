// Writes JSON (RFC 8259), in which a run leaves its settings and results for other programs.
#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
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
    Json(std::string_view utf8);
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

    // Keys (empty in arrays) and values, in order.
    const std::vector<std::pair<std::string, Json>>& members() const { return members_; }

    // Indented by two spaces, with a newline at the end. What fits into 100 columns stands on one
    // line: a row of a confusion matrix, the results of an epoch.
    std::string to_text() const;

private:
    enum class Kind { scalar, array, object };

    explicit Json(Kind kind) : kind_(kind) {}
    std::string on_one_line() const;
    void append_to(std::string& text, std::size_t indent, std::size_t column) const;

    Kind kind_ = Kind::scalar;
    std::string scalar_;                                 // as it is written, when it is a scalar
    std::vector<std::pair<std::string, Json>> members_;  // key (empty in arrays) and value
};

}  // namespace digits
