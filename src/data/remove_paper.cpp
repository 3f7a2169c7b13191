#include "data/remove_paper.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>

#include "data/connected_components.h"

namespace digits {
namespace {

GrayImage transposed(const GrayImage& image) {
    GrayImage result{image.height, image.width, std::vector<std::uint8_t>(image.pixels.size())};
    for (std::size_t y = 0; y < image.height; ++y) {
        for (std::size_t x = 0; x < image.width; ++x) {
            result.pixels[x * image.height + y] = image.pixels[y * image.width + x];
        }
    }
    return result;
}

GrayImage inverted(GrayImage image) {
    for (std::uint8_t& pixel : image.pixels) pixel = static_cast<std::uint8_t>(255 - pixel);
    return image;
}

// The lightest pixel within `radius` to the left and to the right, for each pixel.
GrayImage lightest_across(const GrayImage& image, std::size_t radius) {
    GrayImage result = image;
    // Places that can still become the maximum: from left to right, ever darker. A darker place on
    // the left of a lighter one cannot. So each place is appended and removed only once.
    std::vector<std::size_t> candidates(image.width);
    for (std::size_t y = 0; y < image.height; ++y) {
        const std::uint8_t* row = &image.pixels[y * image.width];
        std::size_t first = 0, end = 0, next = 0;
        for (std::size_t x = 0; x < image.width; ++x) {
            for (; next < std::min(image.width, x + radius + 1); ++next) {
                while (end > first && row[candidates[end - 1]] <= row[next]) --end;
                candidates[end++] = next;
            }
            while (candidates[first] + radius < x) ++first;
            result.pixels[y * image.width + x] = row[candidates[first]];
        }
    }
    return result;
}

GrayImage dilation(const GrayImage& image, std::size_t radius) {
    return transposed(lightest_across(transposed(lightest_across(image, radius)), radius));
}

GrayImage closing(const GrayImage& image, std::size_t radius) {
    return inverted(dilation(inverted(dilation(image, radius)), radius));
}

// With a margin that repeats the pixels of the border.
GrayImage padded(const GrayImage& image, std::size_t margin) {
    GrayImage result{image.width + 2 * margin, image.height + 2 * margin, {}};
    result.pixels.reserve(result.width * result.height);
    for (std::size_t y = 0; y < result.height; ++y) {
        const std::size_t v = std::clamp(y, margin, margin + image.height - 1) - margin;
        for (std::size_t x = 0; x < result.width; ++x) {
            const std::size_t u = std::clamp(x, margin, margin + image.width - 1) - margin;
            result.pixels.push_back(image.pixels[v * image.width + u]);
        }
    }
    return result;
}

GrayImage without_margin(const GrayImage& image, std::size_t margin) {
    GrayImage result{image.width - 2 * margin, image.height - 2 * margin, {}};
    for (std::size_t y = margin; y < margin + result.height; ++y) {
        const auto row = image.pixels.begin() + static_cast<std::ptrdiff_t>(y * image.width);
        const auto first = row + static_cast<std::ptrdiff_t>(margin);
        result.pixels.insert(result.pixels.end(), first,
                             first + static_cast<std::ptrdiff_t>(result.width));
    }
    return result;
}

// The total variation: how much the grey level changes from pixel to pixel, all in all.
double variation(const GrayImage& image) {
    double sum = 0.0;
    for (std::size_t y = 0; y < image.height; ++y) {
        for (std::size_t x = 0; x < image.width; ++x) {
            const std::size_t i = y * image.width + x;
            if (x > 0) sum += std::abs(image.pixels[i] - image.pixels[i - 1]);
            if (y > 0) sum += std::abs(image.pixels[i] - image.pixels[i - image.width]);
        }
    }
    return sum;
}

// The paper beneath dark ink.
GrayImage paper_of(const GrayImage& image) {
    // The window reaches a quarter of a square image to each side. In a narrow one, which is a
    // closely cropped 1, it must be longer to find paper beside the stroke.
    const std::size_t longer = std::max(image.width, image.height);
    const std::size_t shorter = std::min(image.width, image.height);
    const std::size_t radius = std::clamp<std::size_t>(longer * longer / (4 * shorter), 1, longer);
    GrayImage paper = closing(image, radius);
    if (variation(paper) <= 0.1 * variation(image)) return paper;
    // In uneven light, the darkest part is often at the border, and narrower than the window there.
    // Then the border is taken to go on outside the image, at the cost of strokes that run along
    // it.
    return without_margin(closing(padded(image, radius), radius), radius);
}

// Is this reading, dark ink on lighter paper, a good one? Any image is the difference of a paper
// and an ink. With the right ones, each change of the image is one of either the paper or the ink;
// with the wrong ones, both change where the image does not, and cancel.
double cost_of_dark_ink(const GrayImage& image) {
    const GrayImage paper = paper_of(image);
    GrayImage ink = paper;
    for (std::size_t i = 0; i < ink.pixels.size(); ++i) {
        ink.pixels[i] = static_cast<std::uint8_t>(paper.pixels[i] - image.pixels[i]);
    }
    return variation(paper) + variation(ink);
}

// Is this the paper, and what surrounds it a desk or the frame of a screenshot?
bool is_sheet(const Component& component, const GrayImage& image) {
    const bool is_bounded_across = component.left > 0 && component.right + 1 < image.width;
    const bool is_bounded_down = component.top > 0 && component.bottom + 1 < image.height;
    if (!is_bounded_across && !is_bounded_down) return false;
    const RectangleFit fit = fit_rectangle(component, image.width);
    const double written_share = 1.0 - component.amount / fit.enclosed;
    return fit.is_rectangle && written_share > 0.005 && written_share < 0.5;
}

bool is_light_ink(const GrayImage& image) {
    const int threshold = otsu_threshold(image);
    std::vector<std::uint8_t> border = border_of(image);
    const auto dark = std::ranges::count_if(border, [&](int v) { return v <= threshold; });
    const double dark_share = static_cast<double>(dark) / static_cast<double>(border.size());
    const bool is_border_dark = dark_share > 0.5;
    // The border shows the paper, unless the rest is a sheet of it.
    InkImage rest(image.width, image.height);
    for (std::size_t i = 0; i < image.pixels.size(); ++i) {
        if ((image.pixels[i] <= threshold) != is_border_dark) rest.values[i] = 1.0f;
    }
    const std::vector<Component> components = connected_components(rest);
    if (components.empty()) return is_border_dark;
    if (is_sheet(*std::ranges::max_element(components, {}, &Component::amount), image)) {
        return !is_border_dark;
    }
    // A shadow or a close crop divides the border, and then the better reading decides. If the
    // border is nearly all of one kind, the other reading must be better by a tenth.
    const double as_light = cost_of_dark_ink(inverted(image)), as_dark = cost_of_dark_ink(image);
    const double doubt = dark_share < 0.1 || dark_share > 0.9 ? 1.1 : 1.0;
    return is_border_dark ? as_light <= doubt * as_dark : doubt * as_light < as_dark;
}

}  // namespace

std::vector<std::uint8_t> border_of(const GrayImage& image) {
    std::vector<std::uint8_t> border;
    for (std::size_t y = 0; y < image.height; ++y) {
        const bool is_whole_row = y == 0 || y + 1 == image.height;
        const std::size_t step = is_whole_row ? 1 : std::max<std::size_t>(1, image.width - 1);
        for (std::size_t x = 0; x < image.width; x += step) {
            border.push_back(image.pixels[y * image.width + x]);
        }
    }
    return border;
}

int otsu_threshold(const GrayImage& image) {
    std::array<double, 256> count{};
    for (const std::uint8_t pixel : image.pixels) count[pixel] += 1.0;
    double sum = 0.0;
    for (const std::uint8_t pixel : image.pixels) sum += pixel;
    const double total = static_cast<double>(image.pixels.size());
    double below = 0.0, sum_below = 0.0, largest = -1.0;
    int threshold = 0;
    for (int level = 0; level < 256; ++level) {
        const double here = count[static_cast<std::size_t>(level)];
        below += here;
        sum_below += level * here;
        if (below == 0.0 || below == total) continue;
        const double gap = sum_below / below - (sum - sum_below) / (total - below);
        const double between = below * (total - below) * gap * gap;
        if (between > largest) {
            largest = between;
            threshold = level;
        }
    }
    return threshold;
}

GrayImage remove_paper(const GrayImage& image) {
    const GrayImage dark_ink = is_light_ink(image) ? inverted(image) : image;
    GrayImage result = paper_of(dark_ink);
    for (std::size_t i = 0; i < result.pixels.size(); ++i) {
        const int paper = result.pixels[i], difference = paper - dark_ink.pixels[i];
        const int share = paper > 0 ? (255 * difference + paper / 2) / paper : 0;
        result.pixels[i] = static_cast<std::uint8_t>(share);
    }
    return result;
}

}  // namespace digits
