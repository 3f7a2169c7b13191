#include "program/format.h"

#include <cmath>
#include <iomanip>
#include <sstream>

namespace digits {
namespace {

constexpr std::size_t page_width = 80;

}  // namespace

std::string fixed(double value, int decimals) {
    std::ostringstream stream;
    stream << std::fixed << std::setprecision(decimals) << value;
    return stream.str();
}

std::string percent(double share) {
    return fixed(100.0 * share, 2) + " %";
}

std::string grouped(std::size_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t from_end = 3; from_end < digits.size(); from_end += 4) {
        digits.insert(digits.size() - from_end, 1, ',');
    }
    return digits;
}

std::string padded(const std::string& words, std::size_t width) {
    return words.size() < width ? std::string(width - words.size(), ' ') + words : words;
}

std::string duration(double seconds) {
    if (seconds < 9.95) return fixed(seconds, 1) + " s";
    const auto whole = static_cast<std::size_t>(std::lround(seconds));
    if (whole < 60) return std::to_string(whole) + " s";
    return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
}

void append_wrapped(std::string& lines, std::size_t used, const std::string& words,
                    std::size_t indent) {
    std::istringstream stream(words);
    for (std::string word; stream >> word;) {
        if (used + 1 + word.size() > page_width && used > indent) {
            lines.append("\n").append(indent, ' ');
            used = indent;
        } else if (used > indent) {
            lines += " ";
            ++used;
        }
        lines += word;
        used += word.size();
    }
    lines += "\n";
}

std::string wrapped(const std::string& words, std::size_t indent) {
    std::string lines(indent, ' ');
    append_wrapped(lines, indent, words, indent);
    return lines;
}

}  // namespace digits
