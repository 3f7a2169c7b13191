#include "data/normalize_digit.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "check.h"
#include "data/synthetic/synthesize.h"
#include "util/random.h"

namespace digits {
namespace {

using testing::check;
using testing::check_equal;
using testing::check_near;
using testing::check_throws;

using Ink = std::vector<std::uint8_t>;

GrayImage paper(std::size_t width, std::size_t height, std::uint8_t light = 255) {
    return {width, height, Ink(width * height, light)};
}

void fill(GrayImage& image, std::size_t left, std::size_t top, std::size_t width,
          std::size_t height, std::uint8_t light) {
    for (std::size_t y = top; y < top + height; ++y) {
        for (std::size_t x = left; x < left + width; ++x) {
            image.pixels[y * image.width + x] = light;
        }
    }
}

Ink normalized(const GrayImage& image) {
    return normalize_digit(image, 28, 28, "some/file");
}

std::size_t inked(const Ink& ink) {
    return static_cast<std::size_t>(std::ranges::count_if(ink, [](int i) { return i > 0; }));
}

// A drawn digit in a larger image: dark on light or light on dark, enlarged, and off-centre.
GrayImage enlarged(std::span<const std::uint8_t> ink, std::size_t factor, bool is_dark) {
    GrayImage image = paper(28 * factor + 31, 28 * factor + 5, is_dark ? 255 : 0);
    for (std::size_t y = 0; y < 28 * factor; ++y) {
        for (std::size_t x = 0; x < 28 * factor; ++x) {
            const std::uint8_t value = ink[y / factor * 28 + x / factor];
            image.pixels[(y + 2) * image.width + x + 30] =
                is_dark ? static_cast<std::uint8_t>(255 - value) : value;
        }
    }
    return image;
}

TEST(a_normalized_digit_stays_identical) {
    // Drawn digits are normalized already: a box of 20 pixels, the centre of mass in the middle.
    const Dataset digits = synthesize(30, 4);
    std::size_t same = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        const auto ink = digits.image(i);
        const Ink expected(ink.begin(), ink.end());
        for (const std::size_t factor : {1u, 2u, 5u}) {
            same += normalized(enlarged(ink, factor, true)) == expected;
            same += normalized(enlarged(ink, factor, false)) == expected;
        }
    }
    // Not all: if the faintest ink at the end of a stroke rounded to 0, the box had 19 pixels.
    check(same >= 5 * digits.size());
}

TEST(a_bar_fills_the_box_and_keeps_its_aspect) {
    GrayImage image = paper(300, 400);
    fill(image, 40, 30, 40, 200, 0);
    const Ink ink = normalized(image);
    check_equal(inked(ink), 4u * 20u);
    // The centre of mass of four columns is between two: (9 ... 12) + 0.5 rounds up to 14.
    for (std::size_t x = 12; x < 16; ++x) check_equal(int{ink[10 * 28 + x]}, 255);
    fill(image, 40, 30, 40, 200, 255);
    fill(image, 90, 30, 200, 40, 0);
    check_equal(inked(normalized(image)), 4u * 20u);
}

TEST(scaling_down_averages) {
    // 20 x 20 blocks of 2 x 2 pixels of ink without two corners, since a rectangle is taken for a
    // sheet of paper. Of some blocks, only 1, 2 or 3 pixels are ink.
    const auto ink_pixels = [](std::size_t x, std::size_t y) -> std::size_t {
        if (x + y < 6 || x + y > 32) return 0;
        return x % 5 == 2 && y % 5 == 2 ? 1 + (x + y) / 5 % 3 : 4;
    };
    constexpr std::size_t places[][2] = {{1, 1}, {0, 0}, {1, 0}, {0, 1}};
    GrayImage image = paper(120, 120);
    for (std::size_t y = 0; y < 20; ++y) {
        for (std::size_t x = 0; x < 20; ++x) {
            for (std::size_t i = 0; i < ink_pixels(x, y); ++i) {
                fill(image, 40 + 2 * x + places[i][0], 40 + 2 * y + places[i][1], 1, 1, 0);
            }
        }
    }
    const Ink ink = normalized(image);
    constexpr int quarters[] = {0, 64, 128, 191, 255};
    for (std::size_t y = 0; y < 20; ++y) {
        for (std::size_t x = 0; x < 20; ++x) {
            check_equal(int{ink[(y + 4) * 28 + x + 4]}, quarters[ink_pixels(x, y)]);
        }
    }
}

TEST(centring_rounds_the_centre_of_mass_and_keeps_all_ink_inside) {
    check_equal(centring_shift(9.4, 0, 19, 28), 5);
    check_equal(centring_shift(9.5, 0, 19, 28), 4);
    check_equal(centring_shift(2.0, 0, 19, 28), 8);    // not 12: the box ends at pixel 27
    check_equal(centring_shift(18.0, 3, 19, 28), -3);  // not -4: the first ink is at pixel 3
}

TEST(the_centre_of_mass_is_moved_to_the_middle) {
    // An L: most of its ink is at the bottom left.
    GrayImage image = paper(100, 100);
    fill(image, 10, 10, 10, 60, 0);
    fill(image, 10, 60, 60, 10, 0);
    const Ink ink = normalized(image);
    double mass = 0.0, x = 0.0, y = 0.0;
    for (std::size_t i = 0; i < ink.size(); ++i) {
        mass += ink[i];
        x += ink[i] * static_cast<double>(i % 28);
        y += ink[i] * static_cast<double>(i / 28);
    }
    check_near(x / mass, 14.0, 0.5);
    check_near(y / mass, 14.0, 0.5);
}

TEST(grey_and_noisy_paper_is_background) {
    GrayImage image = paper(60, 60, 180);
    Random random(2);
    for (std::uint8_t& pixel : image.pixels) {
        pixel = static_cast<std::uint8_t>(pixel + random.below(9));
    }
    fill(image, 25, 10, 10, 40, 90);
    const Ink ink = normalized(image);
    check_equal(inked(ink), 5u * 20u);
    check_equal(*std::ranges::max_element(ink), 255);
}

// Camera noise is unbounded: its maximum inside the image exceeds that at the border.
TEST(the_grain_of_a_photograph_is_background) {
    Random random(3);
    for (const double deviation : {0.5, 1.0, 3.0}) {
        GrayImage image = paper(200, 160, 180);
        for (std::uint8_t& pixel : image.pixels) {
            pixel = static_cast<std::uint8_t>(180.5 + deviation * random.normal());
        }
        fill(image, 85, 40, 20, 80, 90);
        check_equal(inked(normalized(image)), 5u * 20u);
    }
}

// A T as one connected component.
GrayImage a_t_on_paper() {
    GrayImage image = paper(200, 160);
    fill(image, 60, 40, 80, 10, 30);
    fill(image, 95, 50, 10, 70, 30);
    return image;
}

TEST(specks_and_lines_of_the_paper_are_removed) {
    GrayImage image = a_t_on_paper();
    const Ink clean = normalized(image);
    fill(image, 10, 10, 4, 4, 30);  // 16 pixels of 1,500: a speck
    fill(image, 180, 140, 1, 1, 0);
    check(normalized(image) == clean);
    fill(image, 0, 125, 200, 2, 100);  // a ruled line, from edge to edge
    check(normalized(image) == clean);
    fill(image, 30, 20, 10, 10, 30);  // 100 pixels are more than a twentieth: kept
    check(normalized(image) != clean);
}

TEST(pixels_that_touch_only_at_a_corner_are_connected) {
    // A staircase of squares, none of which would be more than a speck if it were alone.
    GrayImage image = paper(200, 200);
    for (std::size_t i = 0; i < 30; ++i) fill(image, 20 + 5 * i, 20 + 5 * i, 5, 5, 0);
    // Four or five in each row; 400 in all if only one square were left.
    check(inked(normalized(image)) < 100u);
}

TEST(a_digit_that_reaches_the_border_keeps_all_parts) {
    GrayImage image = paper(100, 100);
    fill(image, 46, 12, 8, 88, 0);
    fill(image, 30, 0, 20, 8, 0);
    check_equal(inked(normalized(image)), 2u * 5u + 18u * 2u);
}

// A stroke of one pixel in 200 would be a tenth of a pixel wide, and the ends of the rest as well.
TEST(a_thin_stroke_gets_two_pixels_wide) {
    GrayImage image = paper(300, 300);
    fill(image, 50, 50, 200, 1, 0);
    fill(image, 50, 50, 1, 200, 0);
    const Ink ink = normalized(image);
    std::size_t wide = 0;
    for (std::size_t y = 0; y < 28; ++y) {
        int amount = 0;
        for (std::size_t x = 0; x < 28; ++x) amount += ink[y * 28 + x];
        wide += amount >= 380 && amount <= 640;
    }
    check(wide >= 17);
}

TEST(large_images_are_read_like_small_ones) {
    GrayImage large = paper(3000, 2400), small = paper(1000, 800);
    fill(large, 999, 501, 300, 999, 40);
    fill(small, 333, 167, 100, 333, 40);
    fill(large, 1299, 501, 399, 201, 40);
    fill(small, 433, 167, 133, 67, 40);
    check(normalized(large) == normalized(small));
}

TEST(an_image_without_ink_is_rejected) {
    check_throws([] { normalized(paper(28, 28)); }, "some/file: no digit found, only background");
    check_throws([] { normalized(paper(28, 28, 0)); }, "no digit found, only background");
    check_throws([] { normalized(paper(1, 1)); }, "no digit found, only background");
    GrayImage faint = paper(28, 28);
    fill(faint, 10, 10, 5, 5, 235);
    check_throws([&] { normalized(faint); }, "is the contrast high enough?");
}

TEST(the_smallest_and_the_narrowest_images_are_normalized) {
    GrayImage dot = paper(3, 3);
    dot.pixels[4] = 0;
    check_equal(inked(normalized(dot)), 400u);
    GrayImage line = paper(5000, 3);
    fill(line, 1, 1, 4990, 1, 0);
    check_equal(inked(normalized(line)), 2u * 20u);
    check_equal(normalize_digit(dot, 1, 1, "test").size(), 1u);
    check_equal(normalize_digit(line, 5, 40, "test").size(), 200u);
}

}  // namespace
}  // namespace digits
