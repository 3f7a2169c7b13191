#include "data/synthetic/synthesize.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <vector>

#include "data/synthetic/glyphs.h"
#include "data/synthetic/handwriting.h"
#include "data/synthetic/strokes.h"
#include "util/parallel.h"
#include "util/random.h"
#include "util/sizes.h"

namespace digits {
namespace {

constexpr std::size_t digit_classes = 10;

// Random streams from here on shuffle the labels. Image i uses stream i, far below these.
constexpr std::uint64_t label_streams = std::uint64_t{1} << 63;

// Each block of ten images shows the ten digits in a random order.
std::uint8_t label(std::size_t index, std::uint64_t seed) {
    std::array<std::uint8_t, digit_classes> order = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    Random random(seed, label_streams + index / digit_classes);
    random.shuffle(std::span<std::uint8_t>(order));
    return order[index % digit_classes];
}

// One of the digit's glyphs, drawn with a probability proportional to its share.
const Glyph& choose_glyph(int digit, Random& random) {
    double total = 0;
    for (const Glyph& glyph : glyphs()) {
        if (glyph.digit == digit) total += glyph.share;
    }
    double left = random.uniform(0, total);
    const Glyph* chosen = nullptr;
    for (const Glyph& glyph : glyphs()) {
        if (glyph.digit != digit) continue;
        chosen = &glyph;
        left -= glyph.share;
        if (left < 0) break;
    }
    return *chosen;
}

bool can_be_mixed(const Glyph& a, const Glyph& b) {
    return std::equal(a.strokes.begin(), a.strokes.end(), b.strokes.begin(), b.strokes.end(),
                      [](const auto& s, const auto& t) { return s.size() == t.size(); });
}

void draw_image(int digit, Random& random, std::span<std::uint8_t> image) {
    const Glyph& glyph = choose_glyph(digit, random);
    const Glyph& other = choose_glyph(digit, random);
    const bool mixed = can_be_mixed(glyph, other);
    draw_digit(sample_strokes(glyph, mixed ? other : glyph, random), image);
}

}  // namespace

Dataset synthesize(std::size_t count, std::uint64_t seed) {
    constexpr std::size_t pixels = image_size * image_size;
    constexpr std::size_t grain = 16;  // images per work chunk, of about 20 microseconds each

    std::vector<std::uint8_t> all(checked_product(count, pixels, "synthesize")), labels(count);
    parallel_for(0, count, grain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            labels[i] = label(i, seed);
            Random random(seed, i);
            draw_image(labels[i], random, std::span(all).subspan(i * pixels, pixels));
        }
    });
    return {"synthetic digits", image_size,     image_size,
            digit_classes,      std::move(all), std::move(labels)};
}

}  // namespace digits
