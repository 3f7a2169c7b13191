#include "data/synthetic.h"

#include <algorithm>
#include <array>
#include <span>

#include "data/strokes.h"
#include "data/synthetic_hand.h"
#include "data/synthetic_skeletons.h"
#include "math/parallel.h"
#include "math/random.h"

namespace digits {
namespace {

constexpr std::size_t digit_classes = 10;

// Streams from here on shuffle labels; picture i is drawn with stream i, which never gets so far.
constexpr std::uint64_t label_streams = std::uint64_t{1} << 63;

// Each ten pictures in a row show the ten digits in an order of their own.
std::uint8_t label(std::size_t index, std::uint64_t seed) {
    std::array<std::uint8_t, digit_classes> order = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    Random random(seed, label_streams + index / digit_classes);
    random.shuffle(std::span<std::uint8_t>(order));
    return order[index % digit_classes];
}

// One of the digit's skeletons, each as often as its share says.
const Skeleton& choose_skeleton(int digit, Random& random) {
    double total = 0;
    for (const Skeleton& skeleton : skeletons()) {
        if (skeleton.digit == digit) total += skeleton.share;
    }
    double left = random.uniform(0, total);
    const Skeleton* chosen = nullptr;
    for (const Skeleton& skeleton : skeletons()) {
        if (skeleton.digit != digit) continue;
        chosen = &skeleton;
        left -= skeleton.share;
        if (left < 0) break;
    }
    return *chosen;
}

bool can_be_mixed(const Skeleton& a, const Skeleton& b) {
    return std::equal(a.strokes.begin(), a.strokes.end(), b.strokes.begin(), b.strokes.end(),
                      [](const auto& s, const auto& t) { return s.size() == t.size(); });
}

void draw_picture(int digit, Random& random, std::span<std::uint8_t> picture) {
    const Skeleton& skeleton = choose_skeleton(digit, random);
    const Skeleton& other = choose_skeleton(digit, random);
    const bool mixed = can_be_mixed(skeleton, other);
    draw_digit(write_by_hand(skeleton, mixed ? other : skeleton, random), picture);
}

}  // namespace

Dataset synthesize(std::size_t count, std::uint64_t seed) {
    constexpr std::size_t pixels = picture_size * picture_size;
    constexpr std::size_t grain = 16;  // pictures, of about 20 microseconds each

    Dataset data{"synthetic digits", picture_size, picture_size, digit_classes, {}, {}};
    data.pixels.resize(count * pixels);
    data.labels.resize(count);
    parallel_for(0, count, grain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            data.labels[i] = label(i, seed);
            Random random(seed, i);
            draw_picture(data.labels[i], random,
                         std::span(data.pixels).subspan(i * pixels, pixels));
        }
    });
    return data;
}

}  // namespace digits
