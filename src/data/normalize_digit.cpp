#include "data/normalize_digit.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "data/find_ink.h"
#include "data/remove_paper.h"
#include "util/require.h"
#include "util/sizes.h"

namespace digits {
namespace {

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

// The mean width of the strokes, in pixels: the area of a long stroke is length times width, and
// its outline is twice the length. The outline is the sum of all changes across and down; for a
// line, that is too long by 4 / pi, on the average of all directions.
double stroke_width(const InkImage& ink) {
    const auto at = [&](std::size_t x, std::size_t y) {
        return x < ink.width && y < ink.height ? static_cast<double>(ink(x, y)) : 0.0;
    };
    double area = 0.0, changes = 0.0;
    for (std::size_t y = 0; y <= ink.height; ++y) {
        for (std::size_t x = 0; x <= ink.width; ++x) {
            area += at(x, y);
            changes += std::abs(at(x, y) - (x > 0 ? at(x - 1, y) : 0.0));
            changes += std::abs(at(x, y) - (y > 0 ? at(x, y - 1) : 0.0));
        }
    }
    return 2.0 * area / (changes * std::numbers::pi / 4.0);
}

// Whether the pixel that is so far away is within a disc of this radius.
bool is_in_disc(double dx, double dy, double radius) {
    return dx * dx + dy * dy <= radius * radius;
}

// Puts a disc on every pixel. The image grows by the radius on each side.
InkImage dilated(const InkImage& ink, double radius) {
    const auto reach = static_cast<std::size_t>(radius);
    InkImage result(ink.width + 2 * reach, ink.height + 2 * reach);
    for (std::size_t v = 0; v <= 2 * reach; ++v) {
        for (std::size_t u = 0; u <= 2 * reach; ++u) {
            const double dx = static_cast<double>(u) - static_cast<double>(reach);
            const double dy = static_cast<double>(v) - static_cast<double>(reach);
            if (!is_in_disc(dx, dy, radius)) continue;
            // The ink, moved by dx and dy, is laid over the result.
            for (std::size_t y = 0; y < ink.height; ++y) {
                for (std::size_t x = 0; x < ink.width; ++x) {
                    result(x + u, y + v) = std::max(result(x + u, y + v), ink(x, y));
                }
            }
        }
    }
    return result;
}

// The strokes of a fine pen would be pale and full of gaps, since they are narrower than a pixel
// once the digit is small; few of MNIST's are narrower than 2. `scale` is that from this image to
// the small one.
InkImage thickened(const InkImage& ink, double scale) {
    constexpr double least_width = 2.0;
    const double radius = (least_width / scale - stroke_width(ink)) / 2.0;
    return radius < 1.0 ? ink : dilated(ink, radius);
}

// Means of blocks of pixels, so that a side has 1000 of them at most, but no fewer than 100: in the
// end, the digit will have twenty.
GrayImage reduced(const GrayImage& image) {
    const std::size_t block = std::min((std::max(image.width, image.height) + 999) / 1000,
                                       std::min(image.width, image.height) / 100);
    if (block <= 1) return image;
    GrayImage result{(image.width + block - 1) / block, (image.height + block - 1) / block, {}};
    for (std::size_t y = 0; y < image.height; y += block) {
        for (std::size_t x = 0; x < image.width; x += block) {
            std::size_t sum = 0, count = 0;
            for (std::size_t v = y; v < std::min(y + block, image.height); ++v) {
                for (std::size_t u = x; u < std::min(x + block, image.width); ++u, ++count) {
                    sum += image.pixels[v * image.width + u];
                }
            }
            result.pixels.push_back(static_cast<std::uint8_t>((sum + count / 2) / count));
        }
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

int border_median(const GrayImage& image) {
    std::vector<std::uint8_t> border = border_of(image);
    const auto middle = border.begin() + static_cast<std::ptrdiff_t>((border.size() - 1) / 2);
    std::nth_element(border.begin(), middle, border.end());
    return *middle;
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
                                          const std::string& name, std::size_t* pieces) {
    require_sizes(image, rows, columns, "normalize_digit");
    require(layout.box_rows > 0 && layout.box_rows <= rows && layout.box_columns > 0 &&
                layout.box_columns <= columns,
            "normalize_digit: a box of ", layout.box_columns, " x ", layout.box_rows,
            " does not fit into an image of ", columns, " x ", rows);
    const auto scale_to_box = [&](const InkImage& ink) {
        return std::min(static_cast<double>(layout.box_columns) / static_cast<double>(ink.width),
                        static_cast<double>(layout.box_rows) / static_cast<double>(ink.height));
    };
    const InkImage whole = find_ink(reduced(image), name);
    if (pieces) *pieces = pieces_side_by_side(whole);
    const InkImage found = cropped(whole);
    const InkImage ink = thickened(found, scale_to_box(found));
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
    const int background = border_median(image);
    const int sign = background > 127 ? -1 : 1;
    // Faint ink may be part of a garment, so neither grain nor contrast is corrected here.
    const int full = sign < 0 ? background : 255 - background;
    constexpr int faint = 25;
    int most = 0;
    InkImage ink(image.width, image.height);
    for (std::size_t i = 0; i < image.pixels.size(); ++i) {
        const int depth = sign * (int{image.pixels[i]} - background);
        most = std::max(most, depth);
        ink.values[i] = static_cast<float>(std::max(depth, 0)) / static_cast<float>(full);
    }
    if (most <= faint) {
        fail(name, ": no digit found, only background; is the contrast high enough?");
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
