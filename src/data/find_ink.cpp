#include "data/find_ink.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "data/remove_paper.h"
#include "util/require.h"

namespace digits {
namespace {

// The quantile of a share of 0 ... 1: 0.5 is the median.
int quantile(std::vector<int> values, double share) {
    const auto place = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1));
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(place);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

// Ink from 0 to 1 by how much darker than the paper a pixel is.
InkImage ink_of(const GrayImage& image, const std::string& name) {
    const GrayImage darkness = remove_paper(image);
    const int threshold = otsu_threshold(darkness);
    std::vector<int> blank;  // paper, and the faint edges of strokes
    for (const int value : darkness.pixels) {
        if (value <= threshold) blank.push_back(value);
    }
    // Grain makes the paper found too light: its median darkness is not 0.
    const int background = quantile(blank, 0.5);
    for (int& value : blank) value = std::abs(value - background);
    const int grain = quantile(blank, 0.5);  // the median absolute deviation: 0 on clean paper
    const int most = *std::ranges::max_element(darkness.pixels) - background;
    // Less than a tenth of the light missing is a shadow, not a stroke.
    constexpr int faint = 25;
    if (most <= faint) {
        fail(name, ": no digit found, only background; is the contrast high enough?");
    }
    // Three standard deviations of normally distributed grain are 4.5 median deviations.
    int noise = std::min(9 * grain / 2, most / 4);
    // Where there is any grain, some is stronger: an eighth of the strongest ink is background.
    const bool is_border_clean = std::ranges::none_of(border_of(darkness), [&](int value) {
        return value != background && std::abs(value - background) <= most / 8;
    });
    if (grain > 0 || !is_border_clean) noise = std::max(noise, most / 8);
    // Strokes have fewer faint pixels, at their edges, than others. More are a sheet glued on.
    std::ptrdiff_t weak = 0, strong = 0;
    for (const int value : darkness.pixels) {
        weak += value - background > noise && value - background <= most / 4;
        strong += value - background > most / 4;
    }
    if (weak > 2 * strong) noise = most / 4;
    // Under grain, the darkest pixel is an outlier. On clean paper it is what MNIST's are.
    int full = most;
    if (grain > 0) {
        std::vector<int> inked;
        for (const int value : darkness.pixels) {
            if (value - background > most / 4) inked.push_back(value - background);
        }
        full = quantile(inked, 0.9);
    }
    InkImage ink(image.width, image.height);
    for (std::size_t i = 0; i < ink.values.size(); ++i) {
        const int value = darkness.pixels[i] - background;
        if (value > noise) {
            ink.values[i] = std::min(1.0f, static_cast<float>(value) / static_cast<float>(full));
        }
    }
    return ink;
}

// The ink in one column, above and below a given pixel, as far as it is connected.
struct Run {
    std::size_t first = 0, end = 0;

    bool is_empty() const { return first == end; }
    std::size_t length() const { return end - first; }
    std::size_t middle() const { return (first + end) / 2; }
};

Run run_at(const InkImage& ink, std::size_t x, std::size_t y) {
    Run run{y, y};
    if (y >= ink.height || ink(x, y) <= 0.0f) return run;
    while (run.first > 0 && ink(x, run.first - 1) > 0.0f) --run.first;
    while (run.end < ink.height && ink(x, run.end) > 0.0f) ++run.end;
    return run;
}

// The pixels of a thin line that begins with a run in the first column, if it reaches the last one.
// It may bend, and it may be crossed by strokes, which stay.
std::vector<std::size_t> follow_line(const InkImage& ink, Run run, std::size_t thin) {
    std::vector<std::size_t> pixels;
    std::size_t y = run.middle(), missing = 0;
    for (std::size_t x = 0; x < ink.width; ++x) {
        for (const std::ptrdiff_t step : {0, -1, 1, -2, 2}) {
            // Above the image, y is huge: no ink.
            run = run_at(ink, x, y + static_cast<std::size_t>(step));
            if (!run.is_empty()) break;
        }
        missing += run.is_empty();
        if (run.is_empty() || run.length() > 2 * thin) continue;
        y = run.middle();
        for (std::size_t v = run.first; v < run.end; ++v) pixels.push_back(v * ink.width + x);
    }
    if (10 * missing > ink.width) pixels.clear();
    return pixels;
}

// The pixels of all lines from the left to the right border.
std::vector<std::size_t> lines_across(const InkImage& ink, std::size_t thin) {
    std::vector<std::size_t> pixels;
    for (std::size_t y = 0; y < ink.height; ++y) {
        const Run run = run_at(ink, 0, y);
        if (run.is_empty()) continue;
        y = run.end;
        if (run.length() > thin) continue;
        const std::vector<std::size_t> line = follow_line(ink, run, thin);
        pixels.insert(pixels.end(), line.begin(), line.end());
    }
    return pixels;
}

// Ruled and squared paper. Of a digit that is cropped to its ink, a stroke can look like a line: if
// nothing else is left, it was one.
InkImage without_lines(const InkImage& ink) {
    const std::size_t thin = std::max<std::size_t>(1, std::min(ink.width, ink.height) / 40);
    InkImage result = ink;
    for (const std::size_t i : lines_across(ink, thin)) result.values[i] = 0.0f;
    for (const std::size_t i : lines_across(transposed(ink), thin)) {
        result.values[i % ink.height * ink.width + i / ink.height] = 0.0f;
    }
    const bool is_digit_left =
        std::ranges::any_of(connected_components(result), [&](const Component& component) {
            return 8 * component.width() > ink.width || 8 * component.height() > ink.height;
        });
    return is_digit_left ? result : ink;
}

// The largest share of one side of the image along which a component touches it.
double border_share(const Component& component, const InkImage& ink) {
    std::size_t left = 0, right = 0, top = 0, bottom = 0;
    for (const std::size_t i : component.pixels) {
        left += i % ink.width == 0;
        right += i % ink.width + 1 == ink.width;
        top += i / ink.width == 0;
        bottom += i / ink.width + 1 == ink.height;
    }
    const auto share = [](std::size_t a, std::size_t b, std::size_t side) {
        return static_cast<double>(std::max(a, b)) / static_cast<double>(side);
    };
    return std::max(share(left, right, ink.height), share(top, bottom, ink.width));
}

// Does it surround another component that is not small beside it, or, if it runs along the border
// of the image (a desk, the bars of a screenshot), is there any such component?
bool is_frame(const Component& frame, const std::vector<Component>& all, const InkImage& ink) {
    const bool is_along_border = border_share(frame, ink) > 0.5;
    if (!is_along_border && !fit_rectangle(frame, ink.width).is_rectangle) return false;
    return std::ranges::any_of(all, [&](const Component& other) {
        const bool is_inside = other.left > frame.left && other.right < frame.right &&
                               other.top > frame.top && other.bottom < frame.bottom;
        const bool is_small =
            6 * other.width() <= frame.width() && 6 * other.height() <= frame.height();
        return &other != &frame && !is_small && (is_along_border || is_inside);
    });
}

// Frames, specks, and what comes in from the border. A separate bar of a 5 is none of them.
void remove_all_but_the_digit(InkImage& ink) {
    const std::vector<Component> components = connected_components(ink);
    std::vector<const Component*> kept;
    for (const Component& component : components) {
        if (!is_frame(component, components, ink)) kept.push_back(&component);
    }
    if (kept.empty()) {
        for (const Component& component : components) kept.push_back(&component);
    }
    const Component& largest =
        **std::ranges::max_element(kept, {}, [](const Component* c) { return c->amount; });
    const auto is_at_border = [&](const Component& c) { return border_share(c, ink) > 0.0; };
    const InkImage whole = ink;
    std::ranges::fill(ink.values, 0.0f);
    for (const Component* component : kept) {
        if (component->amount < largest.amount / 20.0) continue;
        if (is_at_border(*component) && !is_at_border(largest)) continue;
        for (const std::size_t i : component->pixels) ink.values[i] = whole.values[i];
    }
}

}  // namespace

InkImage find_ink(const GrayImage& image, const std::string& name) {
    InkImage ink = without_lines(ink_of(image, name));
    remove_all_but_the_digit(ink);
    return ink;
}

std::size_t pieces_side_by_side(const InkImage& ink) {
    std::vector<Component> pieces = connected_components(ink);
    std::size_t tallest = 0;
    for (const Component& piece : pieces) tallest = std::max(tallest, piece.height());
    std::erase_if(pieces, [&](const Component& piece) { return 2 * piece.height() < tallest; });
    std::ranges::sort(pieces, {}, &Component::left);
    std::size_t count = 0, right = 0;
    for (const Component& piece : pieces) {
        count += count == 0 || piece.left > right;
        right = std::max(right, piece.right);
    }
    return count;
}

}  // namespace digits
