#include "util/settings.h"

#include <cmath>

#include "util/require.h"

namespace digits {
namespace {

// Fails unless the value of the field is one that it may have.
struct Checker {
    const Setting& setting;
    std::string_view context;

    void operator()(bool*) const {}
    void operator()(const std::size_t* value) const { whole(*value); }
    void operator()(const double* value) const { number(*value); }
    void operator()(const std::vector<std::size_t>* list) const {
        for (const std::size_t value : *list) whole(value);
    }
    void operator()(const Choice& choice) const {
        const std::size_t index = choice.get(choice.variable);
        require(index < choice.names.size(), context, ": ", setting.name, " is choice ", index,
                " of ", choice.names.size());
    }
    void whole(std::size_t value) const {
        if (setting.zero_means_none && value == 0) return;
        require(static_cast<double>(value) >= setting.bounds.low, context, ": ", setting.name,
                " is ", value, "; expected a whole number of at least ", setting.bounds.low);
    }
    void number(double value) const {
        if (setting.zero_means_none && value == 0.0) return;
        require(setting.bounds.contain(value), context, ": ", setting.name, " is ", value,
                "; expected ", setting.bounds.text());
    }
};

}  // namespace

bool Bounds::contain(double value) const {
    if (!std::isfinite(value) || value < low || value > high) return false;
    return (value > low || interval != Interval::open) &&
           (value < high || interval == Interval::closed);
}

std::string Bounds::text() const {
    const bool is_finite = std::isfinite(high);
    const bool is_closed = interval == Interval::closed && is_finite;
    return str_cat("a number ", interval == Interval::open ? "above " : "of at least ", low,
                   is_closed ? " and at most " : " and below ",
                   is_finite ? str_cat(high) : std::string("infinity"));
}

void check_settings(std::span<const Setting> settings, std::string_view context) {
    for (const Setting& setting : settings) std::visit(Checker{setting, context}, setting.value);
}

}  // namespace digits
