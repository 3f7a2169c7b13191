#include "data/image_layout.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <vector>

#include "util/sizes.h"
#include "util/text.h"

namespace digits {
namespace {

constexpr std::string_view by_mass_words = " centred by mass", by_box_words = " centred by box";

// Along one axis.
struct Extent {
    std::size_t size = 0;  // of the image
    std::size_t first = 0;
    std::size_t last = 0;
    double centre_of_mass = 0.0;

    std::size_t length() const { return last - first + 1; }
    double middle() const { return static_cast<double>(first + last) / 2.0; }
    // A position is in the middle if rounding to whole pixels explains the difference.
    bool is_middle(double position) const {
        return std::abs(position - static_cast<double>(size) / 2.0) <= 1.0;
    }
};

// `amounts`: the ink of each row, or of each column; not all 0.
Extent extent_of(const std::vector<double>& amounts) {
    Extent extent{amounts.size()};
    double mass = 0.0, moment = 0.0;
    for (std::size_t i = 0; i < amounts.size(); ++i) {
        if (amounts[i] == 0.0) continue;
        if (mass == 0.0) extent.first = i;
        extent.last = i;
        mass += amounts[i];
        moment += amounts[i] * static_cast<double>(i);
    }
    extent.centre_of_mass = moment / mass;
    return extent;
}

// Vertical and horizontal; nothing for an image without ink.
std::optional<std::array<Extent, 2>> extents_of(const Dataset& data, std::size_t index) {
    const auto image = data.image(index);
    std::vector<double> rows(data.rows), columns(data.columns);
    for (std::size_t y = 0; y < data.rows; ++y) {
        for (std::size_t x = 0; x < data.columns; ++x) {
            const double ink = image[y * data.columns + x];
            rows[y] += ink;
            columns[x] += ink;
        }
    }
    if (std::ranges::all_of(rows, [](double ink) { return ink == 0.0; })) return {};
    return std::array{extent_of(rows), extent_of(columns)};
}

// Of the ink's box: the larger of its share of the height and its share of the width.
double share_of(const std::array<Extent, 2>& extents) {
    const auto share = [](const Extent& extent) {
        return static_cast<double>(extent.length()) / static_cast<double>(extent.size);
    };
    return std::max(share(extents[0]), share(extents[1]));
}

}  // namespace

ImageLayout mnist_layout(std::size_t rows, std::size_t columns) {
    const auto box = [](std::size_t size) {
        return std::max<std::size_t>(
            1, static_cast<std::size_t>(std::lround(static_cast<double>(size) * (20.0 / 28.0))));
    };
    return {ImageLayout::Kind::centred_by_mass, box(rows), box(columns)};
}

ImageLayout measure_layout(const Dataset& data) {
    std::vector<std::array<Extent, 2>> all;
    std::vector<double> shares;
    constexpr std::size_t enough = 10'000;
    const std::size_t stride = ceil_div(std::max<std::size_t>(data.size(), 1), enough);
    for (std::size_t i = 0; i < data.size(); i += stride) {
        if (const auto extents = extents_of(data, i)) {
            all.push_back(*extents);
            shares.push_back(share_of(*extents));
        }
    }
    const ImageLayout whole{ImageLayout::Kind::whole};
    if (all.empty()) return whole;
    const auto half = shares.begin() + static_cast<std::ptrdiff_t>(shares.size() / 2);
    std::ranges::nth_element(shares, half);
    const double median = *half;
    const double larger = static_cast<double>(std::max(data.rows, data.columns));
    const auto is_usual = [&](const std::array<Extent, 2>& extents) {
        return std::abs(share_of(extents) - median) * larger < 1.5;
    };
    const auto is_for_most = [&](const auto& holds) {
        return 10 * std::ranges::count_if(all, holds) >= 9 * std::ssize(all);
    };
    const bool has_border = median * larger <= larger - 2.0;
    if (!has_border || !is_for_most(is_usual)) return whole;

    const auto is_centred = [&](const auto& position) {
        return is_for_most([&](const std::array<Extent, 2>& extents) {
            return std::ranges::all_of(
                extents, [&](const Extent& axis) { return axis.is_middle(position(axis)); });
        });
    };
    const auto box = [&](std::size_t size) {
        return static_cast<std::size_t>(std::lround(median * static_cast<double>(size)));
    };
    ImageLayout layout{ImageLayout::Kind::whole, box(data.rows), box(data.columns)};
    if (is_centred([](const Extent& axis) { return axis.centre_of_mass; })) {
        layout.kind = ImageLayout::Kind::centred_by_mass;
    } else if (is_centred([](const Extent& axis) { return axis.middle(); })) {
        layout.kind = ImageLayout::Kind::centred_by_box;
    }
    return layout.kind == ImageLayout::Kind::whole ? whole : layout;
}

std::string to_text(const ImageLayout& layout) {
    if (layout.kind == ImageLayout::Kind::unknown) return "unknown";
    if (layout.kind == ImageLayout::Kind::whole) return "whole";
    return str_cat(
        layout.box_rows, "x", layout.box_columns,
        layout.kind == ImageLayout::Kind::centred_by_mass ? by_mass_words : by_box_words);
}

std::optional<ImageLayout> parse_layout(std::string_view words, std::size_t rows,
                                        std::size_t columns) {
    if (words.empty()) return {};
    if (words == "whole") return ImageLayout{ImageLayout::Kind::whole};
    ImageLayout layout{ImageLayout::Kind::centred_by_mass};
    if (words.ends_with(by_box_words)) layout.kind = ImageLayout::Kind::centred_by_box;
    const auto read = [](std::string_view number, std::size_t& value) {
        std::from_chars(number.data(), number.data() + number.size(), value);
    };
    read(words, layout.box_rows);
    read(words.substr(std::min(words.find('x'), words.size() - 1) + 1), layout.box_columns);
    const bool is_inside = layout.box_rows > 0 && layout.box_rows <= rows &&
                           layout.box_columns > 0 && layout.box_columns <= columns;
    if (!is_inside || to_text(layout) != words) return {};
    return layout;
}

}  // namespace digits
