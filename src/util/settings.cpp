#include "util/settings.h"

#include <cmath>
#include <limits>

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
        require(setting.bounds.contain_whole(value), context, ": ", setting.name, " is ", value,
                "; expected a whole number ", setting.bounds.whole_text());
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

bool Bounds::contain_whole(std::size_t value) const {
    return static_cast<double>(value) >= low && static_cast<double>(value) <= high;
}

std::string Bounds::whole_text() const {
    const std::string most = std::isfinite(high)
                                 ? str_cat("at most ", static_cast<std::size_t>(high))
                                 : str_cat("below 2^", std::numeric_limits<std::size_t>::digits);
    return str_cat("of at least ", static_cast<std::size_t>(low), " and ", most);
}

void check_settings(std::span<const Setting> settings, std::string_view context) {
    for (const Setting& setting : settings) std::visit(Checker{setting, context}, setting.value);
}

}  // namespace digits
