#include "data/synthetic/synthesize.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "check.h"
#include "data/synthetic/glyphs.h"
#include "util/parallel.h"

namespace digits {
namespace {

using testing::check;
using testing::check_equal;
using testing::check_throws;

// FNV-1a, a hash that is easy to reimplement elsewhere.
std::uint64_t fingerprint(const Dataset& data) {
    std::uint64_t hash = 0xcbf29ce484222325;
    const auto add = [&](std::uint8_t byte) { hash = (hash ^ byte) * 0x100000001b3; };
    std::for_each(data.labels.begin(), data.labels.end(), add);
    const std::vector<std::uint8_t> pixels = data.pixels();
    std::for_each(pixels.begin(), pixels.end(), add);
    return hash;
}

bool same(const Dataset& a, const Dataset& b) {
    return a.pixels() == b.pixels() && a.labels == b.labels;
}

// Bounding box, centre of mass and maximum of the ink of one image.
struct Extent {
    std::size_t left = 28, top = 28, right = 0, bottom = 0;  // of ink, right and bottom exclusive
    double middle_x = 0, middle_y = 0;                       // centre of mass, in pixel numbers
    std::uint8_t darkest = 0;
};

Extent measure(const Dataset& data, std::size_t index) {
    Extent extent;
    double mass = 0;
    for (std::size_t row = 0; row < data.rows; ++row) {
        for (std::size_t column = 0; column < data.columns; ++column) {
            const std::uint8_t ink = data.image(index)[row * data.columns + column];
            if (ink == 0) continue;
            extent.left = std::min(extent.left, column);
            extent.right = std::max(extent.right, column + 1);
            extent.top = std::min(extent.top, row);
            extent.bottom = std::max(extent.bottom, row + 1);
            extent.darkest = std::max(extent.darkest, ink);
            mass += ink;
            extent.middle_x += ink * static_cast<double>(column);
            extent.middle_y += ink * static_cast<double>(row);
        }
    }
    extent.middle_x /= mass;
    extent.middle_y /= mass;
    return extent;
}

// Mean image of each class.
std::vector<std::vector<double>> class_means(const Dataset& data) {
    std::vector<std::vector<double>> means(data.classes, std::vector<double>(data.inputs()));
    std::vector<double> counts(data.classes);
    for (std::size_t i = 0; i < data.size(); ++i) {
        ++counts[data.labels[i]];
        for (std::size_t p = 0; p < data.inputs(); ++p)
            means[data.labels[i]][p] += data.image(i)[p];
    }
    for (std::size_t c = 0; c < data.classes; ++c) {
        for (double& value : means[c]) value /= counts[c];
    }
    return means;
}

std::size_t nearest(const std::vector<std::vector<double>>& means,
                    std::span<const std::uint8_t> image) {
    std::size_t best = 0;
    double best_distance = std::numeric_limits<double>::infinity();
    for (std::size_t c = 0; c < means.size(); ++c) {
        double distance = 0;
        for (std::size_t p = 0; p < image.size(); ++p) {
            distance += (image[p] - means[c][p]) * (image[p] - means[c][p]);
        }
        if (distance < best_distance) {
            best_distance = distance;
            best = c;
        }
    }
    return best;
}

// If this fails with some compiler, its digits and accuracies differ from those in the book. After
// an intended change of the drawing, update this constant.
TEST(a_seed_gives_the_same_bytes_with_every_compiler_and_system) {
    check_equal(fingerprint(synthesize(500, 1)), std::uint64_t{14228619453806356907u});
}

TEST(a_seed_gives_the_same_bytes_for_every_thread_count) {
    set_thread_count(1);
    const Dataset alone = synthesize(333, 5);
    for (const std::size_t threads : {2u, 3u, 7u}) {
        set_thread_count(threads);
        check(same(synthesize(333, 5), alone));
    }
    set_thread_count(0);
}

TEST(few_digits_are_the_beginning_of_many) {
    const Dataset many = synthesize(100, 3);
    for (const std::size_t count : {0u, 1u, 10u, 37u}) {
        const Dataset few = synthesize(count, 3);
        check_equal(few.size(), count);
        const std::vector<std::uint8_t> few_pixels = few.pixels(), many_pixels = many.pixels();
        check_equal(few_pixels.size(), count * 28 * 28);
        check(std::equal(few.labels.begin(), few.labels.end(), many.labels.begin()));
        check(std::equal(few_pixels.begin(), few_pixels.end(), many_pixels.begin()));
    }
}

TEST(a_different_seed_gives_different_digits_in_a_different_order) {
    const Dataset one = synthesize(100, 1);
    const Dataset two = synthesize(100, 2);
    check(one.labels != two.labels);
    check(one.pixels() != two.pixels());
}

TEST(each_block_of_ten_images_shows_the_ten_digits) {
    const Dataset data = synthesize(200, 9);
    check_equal(data.rows, 28u);
    check_equal(data.columns, 28u);
    check_equal(data.classes, 10u);
    for (std::size_t begin = 0; begin < data.size(); begin += 10) {
        std::array<int, 10> seen{};
        for (std::size_t i = begin; i < begin + 10; ++i) ++seen.at(data.labels[i]);
        check(std::all_of(seen.begin(), seen.end(), [](int times) { return times == 1; }));
    }
}

TEST(a_digit_fills_the_box_of_20_pixels_and_is_centred_by_mass_as_in_mnist) {
    const Dataset data = synthesize(2000, 4);
    int off_balance = 0;
    for (std::size_t i = 0; i < data.size(); ++i) {
        const Extent extent = measure(data, i);
        const std::size_t longer = std::max(extent.right - extent.left, extent.bottom - extent.top);
        check(longer >= 19 && longer <= 20);
        check(extent.darkest == 255);
        // Digits move by whole pixels, and bytes are rounded: hence the hundredth.
        const double off = std::max(std::abs(extent.middle_x - 14), std::abs(extent.middle_y - 14));
        off_balance += off > 0.51 ? 1 : 0;
    }
    // Ink must not leave the image: this limits the shift of about 2 in 1,000.
    check(off_balance < 20);
}

TEST(no_two_digits_are_identical) {
    const Dataset data = synthesize(1000, 6);
    std::set<std::string> images;
    for (std::size_t i = 0; i < data.size(); ++i) {
        images.emplace(data.image(i).begin(), data.image(i).end());
    }
    check_equal(images.size(), data.size());
}

// Nearest-centroid classifier: the class whose mean image is nearest.
TEST(a_digit_is_most_similar_to_its_own_class) {
    const auto means = class_means(synthesize(2000, 7));
    const Dataset fresh = synthesize(1000, 8);
    int correct = 0;
    for (std::size_t i = 0; i < fresh.size(); ++i) {
        correct += nearest(means, fresh.image(i)) == fresh.labels[i] ? 1 : 0;
    }
    check(correct > 500);
    check(correct < 900);  // digits that are easier than people's would teach little
}

TEST(every_digit_has_glyphs_of_drawable_strokes) {
    std::array<int, 10> found{};
    for (const Glyph& glyph : glyphs()) {
        ++found.at(static_cast<std::size_t>(glyph.digit));
        check(!glyph.name.empty());
        for (const auto& stroke : glyph.strokes) {
            check(stroke.size() >= 2);
            for (const GlyphPoint& point : stroke) {
                check(point.x >= -20 && point.x <= 120 && point.y >= -20 && point.y <= 120);
            }
        }
    }
    check(std::all_of(found.begin(), found.end(), [](int count) { return count >= 2; }));
}

TEST(more_digits_than_memory_could_address_are_refused) {
    check_throws([] { synthesize(std::numeric_limits<std::size_t>::max() / 700, 1); },
                 "synthesize: ");
}

}  // namespace
}  // namespace digits
