#include "data/normalize_digit.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "util/require.h"

namespace digits {
namespace {

// Ink from 0 to 1, row after row.
struct Ink {
    std::size_t width = 0;
    std::size_t height = 0;
    std::vector<float> values;

    Ink(std::size_t w, std::size_t h) : width(w), height(h), values(w * h) {}
    float& operator()(std::size_t x, std::size_t y) { return values[y * width + x]; }
    float operator()(std::size_t x, std::size_t y) const { return values[y * width + x]; }
};

std::vector<int> edge_of(const GrayImage& image) {
    std::vector<int> edge;
    for (std::size_t y = 0; y < image.height; ++y) {
        const bool is_whole_row = y == 0 || y + 1 == image.height;
        const std::size_t step = is_whole_row ? 1 : std::max<std::size_t>(1, image.width - 1);
        for (std::size_t x = 0; x < image.width; x += step) {
            edge.push_back(image.pixels[y * image.width + x]);
        }
    }
    return edge;
}

// The value that a share of all values do not exceed.
int quantile(std::vector<int>& values, double share) {
    const auto place = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1));
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(place);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

// What tells the ink of an image from its background.
struct Contrast {
    int background;
    int sign;   // ink is darker than the background, -1, or lighter, 1
    int noise;  // what differs by no more is background, too
    int most;   // by which any ink differs

    int depth(std::uint8_t pixel) const {
        const int difference = sign * (int{pixel} - background);
        return difference > noise ? difference : 0;
    }
};

Contrast find_contrast(const GrayImage& image, const std::string& name) {
    std::vector<int> edge = edge_of(image);
    Contrast contrast{quantile(edge, 0.5), 1, 0, 0};
    if (contrast.background > 127) contrast.sign = -1;
    for (int& value : edge) value = std::abs(value - contrast.background);
    contrast.noise = quantile(edge, 0.9);
    for (const std::uint8_t pixel : image.pixels) {
        contrast.most = std::max(contrast.most, contrast.depth(pixel));
    }
    // Less than a tenth of the way from black to white is a shadow, not a stroke.
    constexpr int faint = 25;
    if (contrast.most <= faint) {
        fail(name, ": shows no digit, only paper; is the contrast high enough?");
    }
    // Clean paper has no grain. Where there is some, it may be stronger inside than at the edge,
    // which has few pixels: what is an eighth of the ink or less is paper then.
    if (std::ranges::any_of(edge, [&](int v) { return v > 0 && v <= contrast.most / 8; })) {
        contrast.noise = std::max(contrast.noise, contrast.most / 8);
    }
    return contrast;
}

// Ink that hangs together, side by side or corner to corner.
struct Piece {
    std::vector<std::size_t> pixels{};
    double amount = 0.0;
    bool is_at_edge = false;
};

std::vector<Piece> pieces_of(const Ink& ink) {
    std::vector<Piece> pieces;
    std::vector<bool> is_found(ink.values.size());
    for (std::size_t start = 0; start < ink.values.size(); ++start) {
        if (is_found[start] || ink.values[start] <= 0.0f) continue;
        is_found[start] = true;
        Piece piece{{start}};
        for (std::size_t next = 0; next < piece.pixels.size(); ++next) {
            const std::size_t i = piece.pixels[next], x = i % ink.width, y = i / ink.width;
            const std::size_t left = x > 0 ? x - 1 : x, right = std::min(x + 1, ink.width - 1);
            const std::size_t top = y > 0 ? y - 1 : y, bottom = std::min(y + 1, ink.height - 1);
            piece.amount += static_cast<double>(ink.values[i]);
            piece.is_at_edge |= left == x || right == x || top == y || bottom == y;
            for (std::size_t v = top; v <= bottom; ++v) {
                for (std::size_t u = left; u <= right; ++u) {
                    const std::size_t neighbour = v * ink.width + u;
                    if (is_found[neighbour] || ink.values[neighbour] <= 0.0f) continue;
                    is_found[neighbour] = true;
                    piece.pixels.push_back(neighbour);
                }
            }
        }
        pieces.push_back(std::move(piece));
    }
    return pieces;
}

// Specks, and lines of the paper, which come from the edge. The hat of a 5 is neither.
void remove_what_is_no_digit(Ink& ink) {
    const std::vector<Piece> pieces = pieces_of(ink);
    const Piece& largest = *std::ranges::max_element(pieces, {}, &Piece::amount);
    for (const Piece& piece : pieces) {
        const bool is_speck = piece.amount < largest.amount / 20.0;
        const bool is_from_edge = piece.is_at_edge && !largest.is_at_edge;
        if (!is_speck && !is_from_edge) continue;
        for (const std::size_t i : piece.pixels) ink.values[i] = 0.0f;
    }
}

Ink ink_of(const GrayImage& image, const Contrast& contrast) {
    Ink ink(image.width, image.height);
    for (std::size_t i = 0; i < image.pixels.size(); ++i) {
        ink.values[i] =
            static_cast<float>(contrast.depth(image.pixels[i])) / static_cast<float>(contrast.most);
    }
    return ink;
}

// All ink, and as little around it as a rectangle can have.
Ink cropped(const Ink& ink) {
    std::size_t left = ink.width, right = 0, top = ink.height, bottom = 0;
    for (std::size_t i = 0; i < ink.values.size(); ++i) {
        if (ink.values[i] <= 0.0f) continue;
        const std::size_t x = i % ink.width, y = i / ink.width;
        left = std::min(left, x);
        right = std::max(right, x + 1);
        top = std::min(top, y);
        bottom = std::max(bottom, y + 1);
    }
    Ink result(right - left, bottom - top);
    for (std::size_t y = 0; y < result.height; ++y) {
        for (std::size_t x = 0; x < result.width; ++x) result(x, y) = ink(left + x, top + y);
    }
    return result;
}

// A pixel of the result is the mean of the area that it covers, pixels of which it covers a part
// counting by that part: first in each row, then in each column of what that gave.
Ink scaled_across(const Ink& ink, std::size_t width) {
    Ink result(width, ink.height);
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

Ink transposed(const Ink& ink) {
    Ink result(ink.height, ink.width);
    for (std::size_t y = 0; y < ink.height; ++y) {
        for (std::size_t x = 0; x < ink.width; ++x) result(y, x) = ink(x, y);
    }
    return result;
}

Ink scaled(const Ink& ink, std::size_t width, std::size_t height) {
    return transposed(scaled_across(transposed(scaled_across(ink, width)), height));
}

// Where the box begins along one axis so that the centre of mass comes to lie on the middle pixel,
// where MNIST has it; less far if ink would leave the image.
std::size_t balanced(double moment, double mass, std::size_t box, std::size_t size) {
    const double begin = static_cast<double>(size / 2) - std::floor(moment / mass + 0.5);
    return static_cast<std::size_t>(std::clamp(begin, 0.0, static_cast<double>(size - box)));
}

}  // namespace

std::vector<std::uint8_t> normalize_digit(const GrayImage& image, std::size_t rows,
                                          std::size_t columns, const std::string& name) {
    require(rows > 0 && columns > 0 && !image.pixels.empty() &&
                image.pixels.size() == image.width * image.height,
            "normalize_digit: an image of ", image.width, " x ", image.height, " with ",
            image.pixels.size(), " pixels cannot become one of ", columns, " x ", rows);
    Ink whole = ink_of(image, find_contrast(image, name));
    remove_what_is_no_digit(whole);
    const Ink ink = cropped(whole);
    constexpr double share = 20.0 / 28.0;
    const auto fitted = [](std::size_t size, double scale) {
        return std::max<std::size_t>(
            1, static_cast<std::size_t>(std::lround(static_cast<double>(size) * scale)));
    };
    const double scale =
        std::min(static_cast<double>(fitted(columns, share)) / static_cast<double>(ink.width),
                 static_cast<double>(fitted(rows, share)) / static_cast<double>(ink.height));
    const Ink box = scaled(ink, fitted(ink.width, scale), fitted(ink.height, scale));

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
    const std::size_t left = balanced(across, mass, box.width, columns);
    const std::size_t top = balanced(down, mass, box.height, rows);
    std::vector<std::uint8_t> result(rows * columns);
    for (std::size_t y = 0; y < box.height; ++y) {
        for (std::size_t x = 0; x < box.width; ++x) {
            // Thin strokes pale when they are scaled down; even MNIST's are full ink somewhere.
            result[(top + y) * columns + left + x] =
                static_cast<std::uint8_t>(255.0 * static_cast<double>(box(x, y)) / darkest + 0.5);
        }
    }
    return result;
}

}  // namespace digits
