#include "data/input_scaling.h"

#include <cmath>
#include <optional>
#include <string>

#include "util/require.h"

namespace digits {
namespace {

// The value of a part of a formula: factor * x + offset.
using Linear = InputScaling;

// A recursive-descent parser, one function per level of precedence. After an error, `failed()` is
// true and the values have no meaning.
class FormulaReader {
public:
    explicit FormulaReader(std::string_view text) {
        for (const char c : text) {
            if (c != ' ') text_ += c;
        }
        // Longer texts, which could nest deeply, are no formulas.
        constexpr std::size_t longest = 100;
        has_failed_ = text_.size() > longest;
    }

    // "-1..1" or "0.1307,0.3081": two numbers.
    std::optional<InputScaling> range() { return two_numbers(".."); }
    std::optional<InputScaling> mean_and_deviation() { return two_numbers(","); }

    std::optional<InputScaling> formula() {
        at_ = 0;
        if (has_failed_) return {};
        const Linear value = sum();
        if (has_failed_ || at_ != text_.size()) return {};
        return value;
    }

private:
    std::optional<InputScaling> two_numbers(std::string_view separator) {
        at_ = 0;
        if (has_failed_) return {};
        const double first = signed_number();
        const bool is_separated = take(separator);
        const double second = is_separated ? signed_number() : 0.0;
        const bool is_complete = is_separated && !has_failed_ && at_ == text_.size();
        has_failed_ = false;
        if (!is_complete) return {};
        if (separator == ",") return InputScaling{1.0 / second, -first / second};
        return InputScaling{second - first, first};
    }

    bool take(std::string_view wanted) {
        const bool is_there = std::string_view(text_).substr(at_).starts_with(wanted);
        if (is_there) at_ += wanted.size();
        return is_there;
    }

    bool is_digit_at(std::size_t at) const {
        return at < text_.size() && text_[at] >= '0' && text_[at] <= '9';
    }

    // Digits, and behind a point more of them. strtod() would depend on the locale and take the
    // first point of "0..1".
    double number() {
        double value = 0.0, divisor = 1.0;
        if (!is_digit_at(at_)) has_failed_ = true;
        for (; is_digit_at(at_); ++at_) value = 10.0 * value + (text_[at_] - '0');
        if (at_ < text_.size() && text_[at_] == '.' && is_digit_at(at_ + 1)) {
            for (++at_; is_digit_at(at_); ++at_) {
                value = 10.0 * value + (text_[at_] - '0');
                divisor *= 10.0;
            }
        }
        return value / divisor;
    }

    double signed_number() { return take("-") ? -number() : number(); }

    Linear sum() {
        Linear left = product();
        while (!has_failed_) {
            const bool adds = take("+");
            if (!adds && !take("-")) break;
            const Linear right = product();
            const double sign = adds ? 1.0 : -1.0;
            left = {left.factor + sign * right.factor, left.offset + sign * right.offset};
        }
        return left;
    }

    Linear product() {
        Linear left = unary();
        while (!has_failed_) {
            const bool multiplies = take("*");
            if (!multiplies && !take("/")) break;
            const Linear right = unary();
            if (!multiplies) {
                has_failed_ |= right.factor != 0.0;
                left = {left.factor / right.offset, left.offset / right.offset};
            } else {
                has_failed_ |= left.factor != 0.0 && right.factor != 0.0;
                left = {left.factor * right.offset + left.offset * right.factor,
                        left.offset * right.offset};
            }
        }
        return left;
    }

    Linear unary() {
        if (take("-")) {
            const Linear value = unary();
            return {-value.factor, -value.offset};
        }
        if (take("(")) {
            const Linear value = sum();
            has_failed_ |= !take(")");
            return value;
        }
        if (take("x")) return {1.0, 0.0};
        if (take("byte")) return {255.0, 0.0};
        return {0.0, number()};
    }

    std::string text_;  // without spaces
    std::size_t at_ = 0;
    bool has_failed_ = false;
};

}  // namespace

InputScaling parse_input_scaling(std::string_view words) {
    FormulaReader reader(words);
    std::optional<InputScaling> scaling = reader.range();
    if (!scaling) scaling = reader.mean_and_deviation();
    if (!scaling) scaling = reader.formula();
    if (!scaling || !std::isfinite(scaling->factor) || !std::isfinite(scaling->offset) ||
        scaling->factor == 0.0) {
        fail("expected ", input_scaling_forms, ", found ", words.substr(0, 100));
    }
    // No network is trained like that: the formula means bytes.
    if (std::abs(scaling->factor) < 0.05) {
        fail("the inputs of ", words.substr(0, 100), " would be ", scaling->offset, " to ",
             scaling->offset + scaling->factor,
             ", because x is a pixel from 0 to 1; expected byte for a pixel from 0 to 255, as in "
             "byte/255");
    }
    return *scaling;
}

}  // namespace digits
