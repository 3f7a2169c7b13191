#include "data/normalize_digit.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "util/require.h"
#include "util/sizes.h"

namespace digits {
namespace {

// An image of ink from 0 to 1, row after row.
struct InkImage {
    std::size_t width = 0;
    std::size_t height = 0;
    std::vector<float> values;

    InkImage(std::size_t w, std::size_t h) : width(w), height(h), values(w * h) {}
    float& operator()(std::size_t x, std::size_t y) { return values[y * width + x]; }
    float operator()(std::size_t x, std::size_t y) const { return values[y * width + x]; }
};

std::vector<int> border_of(const GrayImage& image) {
    std::vector<int> border;
    for (std::size_t y = 0; y < image.height; ++y) {
        const bool is_whole_row = y == 0 || y + 1 == image.height;
        const std::size_t step = is_whole_row ? 1 : std::max<std::size_t>(1, image.width - 1);
        for (std::size_t x = 0; x < image.width; x += step) {
            border.push_back(image.pixels[y * image.width + x]);
        }
    }
    return border;
}

// The quantile of a share of 0 ... 1: 0.5 is the median.
int quantile(std::vector<int>& values, double share) {
    const auto place = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1));
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(place);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

// How the ink of an image differs from its background.
struct Contrast {
    int background;
    int sign;   // ink is darker than the background, -1, or lighter, 1
    int noise;  // a pixel that differs by no more is background, too
    int most;   // by which any pixel differs

    int depth(std::uint8_t pixel) const {
        const int difference = sign * (int{pixel} - background);
        return difference > noise ? difference : 0;
    }
};

Contrast find_contrast(const GrayImage& image, const std::string& name) {
    std::vector<int> border = border_of(image);
    Contrast contrast{quantile(border, 0.5), 1, 0, 0};
    if (contrast.background > 127) contrast.sign = -1;
    for (int& value : border) value = std::abs(value - contrast.background);
    contrast.noise = quantile(border, 0.9);
    for (const std::uint8_t pixel : image.pixels) {
        contrast.most = std::max(contrast.most, contrast.depth(pixel));
    }
    // A difference of less than a tenth of the range from black to white is a shadow, not a stroke.
    constexpr int faint = 25;
    if (contrast.most <= faint) {
        fail(name, ": no digit found, only background; is the contrast high enough?");
    }
    // If the border shows any grain, it may be stronger inside, where there are more pixels: then
    // an eighth of the strongest ink or less is background. Clean paper has no grain.
    if (std::ranges::any_of(border, [&](int v) { return v > 0 && v <= contrast.most / 8; })) {
        contrast.noise = std::max(contrast.noise, contrast.most / 8);
    }
    return contrast;
}

// A connected component of ink; pixels that touch at a side or at a corner are connected.
struct Component {
    std::vector<std::size_t> pixels{};
    double amount = 0.0;
    bool is_at_border = false;
};

std::vector<Component> connected_components(const InkImage& ink) {
    std::vector<Component> components;
    std::vector<bool> is_found(ink.values.size());
    for (std::size_t start = 0; start < ink.values.size(); ++start) {
        if (is_found[start] || ink.values[start] <= 0.0f) continue;
        is_found[start] = true;
        Component component{{start}};
        for (std::size_t next = 0; next < component.pixels.size(); ++next) {
            const std::size_t i = component.pixels[next], x = i % ink.width, y = i / ink.width;
            const std::size_t left = x > 0 ? x - 1 : x, right = std::min(x + 1, ink.width - 1);
            const std::size_t top = y > 0 ? y - 1 : y, bottom = std::min(y + 1, ink.height - 1);
            component.amount += static_cast<double>(ink.values[i]);
            component.is_at_border |= left == x || right == x || top == y || bottom == y;
            for (std::size_t v = top; v <= bottom; ++v) {
                for (std::size_t u = left; u <= right; ++u) {
                    const std::size_t neighbour = v * ink.width + u;
                    if (is_found[neighbour] || ink.values[neighbour] <= 0.0f) continue;
                    is_found[neighbour] = true;
                    component.pixels.push_back(neighbour);
                }
            }
        }
        components.push_back(std::move(component));
    }
    return components;
}

// Specks, and lines of the paper, which reach the border. A separate bar of a 5 is neither.
void remove_specks_and_lines(InkImage& ink) {
    const std::vector<Component> components = connected_components(ink);
    const Component& largest = *std::ranges::max_element(components, {}, &Component::amount);
    for (const Component& component : components) {
        const bool is_speck = component.amount < largest.amount / 20.0;
        const bool is_from_border = component.is_at_border && !largest.is_at_border;
        if (!is_speck && !is_from_border) continue;
        for (const std::size_t i : component.pixels) ink.values[i] = 0.0f;
    }
}

InkImage ink_of(const GrayImage& image, const Contrast& contrast) {
    InkImage ink(image.width, image.height);
    for (std::size_t i = 0; i < image.pixels.size(); ++i) {
        ink.values[i] =
            static_cast<float>(contrast.depth(image.pixels[i])) / static_cast<float>(contrast.most);
    }
    return ink;
}

// The bounding box of the ink.
InkImage cropped(const InkImage& ink) {
    std::size_t left = ink.width, right = 0, top = ink.height, bottom = 0;
    for (std::size_t i = 0; i < ink.values.size(); ++i) {
        if (ink.values[i] <= 0.0f) continue;
        const std::size_t x = i % ink.width, y = i / ink.width;
        left = std::min(left, x);
        right = std::max(right, x + 1);
        top = std::min(top, y);
        bottom = std::max(bottom, y + 1);
    }
    InkImage result(right - left, bottom - top);
    for (std::size_t y = 0; y < result.height; ++y) {
        for (std::size_t x = 0; x < result.width; ++x) result(x, y) = ink(left + x, top + y);
    }
    return result;
}

// Area averaging along the rows: a pixel of the result is the mean of the pixels that it covers,
// each weighted by the part that is covered.
InkImage scaled_across(const InkImage& ink, std::size_t width) {
    InkImage result(width, ink.height);
    const double scale = static_cast<double>(ink.width) / static_cast<double>(width);
    for (std::size_t x = 0; x < width; ++x) {
        const double begin = static_cast<double>(x) * scale, end = begin + scale;
        const auto first = static_cast<std::size_t>(begin);
        const std::size_t last = std::min(ink.width, static_cast<std::size_t>(std::ceil(end)));
        for (std::size_t source = first; source < last; ++source) {
            const double from = std::max(begin, static_cast<double>(source));
            const double to = std::min(end, static_cast<double>(source + 1));
            const float share = static_cast<float>((to - from) / scale);
            for (std::size_t y = 0; y < ink.height; ++y) {
                result(x, y) += ink(source, y) * share;
            }
        }
    }
    return result;
}

InkImage transposed(const InkImage& ink) {
    InkImage result(ink.height, ink.width);
    for (std::size_t y = 0; y < ink.height; ++y) {
        for (std::size_t x = 0; x < ink.width; ++x) result(y, x) = ink(x, y);
    }
    return result;
}

// Area averaging is separable: first along the rows, then along the columns.
InkImage scaled(const InkImage& ink, std::size_t width, std::size_t height) {
    return transposed(scaled_across(transposed(scaled_across(ink, width)), height));
}

// Scaled to fit a box of this size, with its aspect ratio kept.
InkImage fitted(const InkImage& ink, std::size_t columns, std::size_t rows) {
    const double scale = std::min(static_cast<double>(columns) / static_cast<double>(ink.width),
                                  static_cast<double>(rows) / static_cast<double>(ink.height));
    const auto length = [scale](std::size_t size) {
        return std::max<std::size_t>(
            1, static_cast<std::size_t>(std::lround(static_cast<double>(size) * scale)));
    };
    return scaled(ink, length(ink.width), length(ink.height));
}

void require_sizes(const GrayImage& image, std::size_t rows, std::size_t columns,
                   const char* context) {
    require(rows > 0 && columns > 0 && !image.pixels.empty() &&
                image.pixels.size() == checked_product(image.width, image.height, context),
            context, ": cannot turn an image of ", image.width, " x ", image.height, " with ",
            image.pixels.size(), " pixels into one of ", columns, " x ", rows);
}

// Where the box begins along one axis of an image of this size.
std::size_t box_begin(double centre_of_mass, std::size_t box, std::size_t size) {
    return static_cast<std::size_t>(centring_shift(centre_of_mass, 0,
                                                   static_cast<std::ptrdiff_t>(box) - 1,
                                                   static_cast<std::ptrdiff_t>(size)));
}

}  // namespace

std::ptrdiff_t centring_shift(double centre_of_mass, std::ptrdiff_t first, std::ptrdiff_t last,
                              std::ptrdiff_t size) {
    const std::ptrdiff_t shift = size / 2 - static_cast<std::ptrdiff_t>(centre_of_mass + 0.5);
    return std::clamp(shift, -first, size - 1 - last);
}

std::vector<std::uint8_t> normalize_digit(const GrayImage& image, std::size_t rows,
                                          std::size_t columns, const ImageLayout& layout,
                                          const std::string& name) {
    require_sizes(image, rows, columns, "normalize_digit");
    require(layout.box_rows > 0 && layout.box_rows <= rows && layout.box_columns > 0 &&
                layout.box_columns <= columns,
            "normalize_digit: a box of ", layout.box_columns, " x ", layout.box_rows,
            " does not fit into an image of ", columns, " x ", rows);
    InkImage whole = ink_of(image, find_contrast(image, name));
    remove_specks_and_lines(whole);
    const InkImage ink = cropped(whole);
    const InkImage box = fitted(ink, layout.box_columns, layout.box_rows);

    double mass = 0.0, across = 0.0, down = 0.0, darkest = 0.0;
    for (std::size_t y = 0; y < box.height; ++y) {
        for (std::size_t x = 0; x < box.width; ++x) {
            const double amount = static_cast<double>(box(x, y));
            mass += amount;
            across += amount * static_cast<double>(x);
            down += amount * static_cast<double>(y);
            darkest = std::max(darkest, amount);
        }
    }
    const bool by_mass = layout.kind == ImageLayout::Kind::centred_by_mass;
    const std::size_t left =
        by_mass ? box_begin(across / mass, box.width, columns) : (columns - box.width) / 2;
    const std::size_t top =
        by_mass ? box_begin(down / mass, box.height, rows) : (rows - box.height) / 2;
    std::vector<std::uint8_t> result(checked_product(rows, columns, "normalize_digit"));
    for (std::size_t y = 0; y < box.height; ++y) {
        for (std::size_t x = 0; x < box.width; ++x) {
            // Scaling down makes thin strokes pale; in MNIST even those reach full ink.
            result[(top + y) * columns + left + x] =
                static_cast<std::uint8_t>(255.0 * static_cast<double>(box(x, y)) / darkest + 0.5);
        }
    }
    return result;
}

std::vector<std::uint8_t> scale_whole_image(const GrayImage& image, std::size_t rows,
                                            std::size_t columns, const std::string& name) {
    require_sizes(image, rows, columns, "scale_whole_image");
    const Contrast contrast = find_contrast(image, name);
    // Faint ink may be part of a garment, so neither grain nor contrast is corrected here.
    const int full = contrast.sign < 0 ? contrast.background : 255 - contrast.background;
    InkImage ink(image.width, image.height);
    for (std::size_t i = 0; i < image.pixels.size(); ++i) {
        const int depth = contrast.sign * (int{image.pixels[i]} - contrast.background);
        ink.values[i] = static_cast<float>(std::max(depth, 0)) / static_cast<float>(full);
    }
    const InkImage box = fitted(ink, columns, rows);
    const std::size_t left = (columns - box.width) / 2, top = (rows - box.height) / 2;
    std::vector<std::uint8_t> result(checked_product(rows, columns, "scale_whole_image"));
    for (std::size_t y = 0; y < box.height; ++y) {
        for (std::size_t x = 0; x < box.width; ++x) {
            result[(top + y) * columns + left + x] =
                static_cast<std::uint8_t>(std::lround(255.0f * std::min(box(x, y), 1.0f)));
        }
    }
    return result;
}

}  // namespace digits
