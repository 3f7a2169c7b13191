// Settings described once: the name, bounds, default and help of every field of a settings struct.
//
// A struct of settings has a function settings_of(struct&) that lists its fields. The command line
// makes its options and their help from that list, metrics.json and `--resume` their keys, and the
// library checks every value by it.
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace digits {

// [low, high], (low, high) or [low, high). Neither infinity nor NaN is ever inside.
enum class Interval { closed, open, right_open };

struct Bounds {
    double low = 0.0;
    double high = std::numeric_limits<double>::infinity();
    Interval interval = Interval::closed;

    bool contain(double value) const;
    // "a number above 0 and below infinity"
    std::string text() const;

    // The same for whole numbers, of which both bounds are allowed.
    bool contain_whole(std::size_t value) const;
    // "of at least 1 and below 2^64"
    std::string whole_text() const;
};

// An enumeration whose values are named in order.
struct Choice {
    std::span<const std::string_view> names;
    void* variable;
    std::size_t (*get)(const void* variable);
    void (*set)(void* variable, std::size_t index);
};

template <class Enumeration>
Choice choice_of(Enumeration& variable, std::span<const std::string_view> names) {
    return {names, &variable,
            [](const void* from) {
                return static_cast<std::size_t>(*static_cast<const Enumeration*>(from));
            },
            [](void* to, std::size_t index) {
                *static_cast<Enumeration*>(to) = static_cast<Enumeration>(index);
            }};
}

// One field. Pointers are to the field itself: a Setting is valid as long as its struct.
struct Setting {
    using Value = std::variant<bool*, std::size_t*, double*, std::vector<std::size_t>*, Choice>;

    std::string_view name;  // the JSON key, "learning_rate"; the option is --learning-rate
    std::string_view help;  // empty for a field that only programs set: it has no option
    Value value;
    Bounds bounds{};                  // of a number, or of each number of a list
    std::string_view default_text{};  // what the help says instead of the value
    bool zero_means_none = false;     // 0 is the default, cannot be asked for, and is null in JSON

    bool is_option() const { return !help.empty(); }
};

// Throws std::invalid_argument that begins with `context` and names the first field whose value is
// out of bounds, what was expected and what was found.
void check_settings(std::span<const Setting> settings, std::string_view context);

// The same for a whole struct.
template <class Settings>
void check_settings(Settings settings, std::string_view context) {
    check_settings(std::span<const Setting>(settings_of(settings)), context);
}

}  // namespace digits
