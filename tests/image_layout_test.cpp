#include "data/image_layout.h"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "check.h"
#include "data/normalize_digit.h"
#include "data/synthetic/synthesize.h"
#include "util/text.h"

namespace digits {
namespace {

using testing::check;
using testing::check_equal;
using testing::check_throws;

// A filled rectangle of ink, of these many rows and columns, whose first pixel is (top, left).
struct Rectangle {
    std::size_t top, left, rows, columns;
};

Dataset rectangles(std::size_t count, const std::function<Rectangle(std::size_t)>& rectangle,
                   std::size_t rows = 28, std::size_t columns = 28) {
    std::vector<std::uint8_t> pixels(count * rows * columns);
    for (std::size_t i = 0; i < count; ++i) {
        const Rectangle r = rectangle(i);
        for (std::size_t y = r.top; y < r.top + r.rows; ++y) {
            for (std::size_t x = r.left; x < r.left + r.columns; ++x) {
                pixels[(i * rows + y) * columns + x] = 200;
            }
        }
    }
    return {"rectangles", rows, columns, 1, std::move(pixels), std::vector<std::uint8_t>(count)};
}

TEST(the_layout_of_drawn_digits_is_that_of_mnist) {
    check_equal(to_text(measure_layout(synthesize(500, 7))), "20x20 centred by mass");
    check_equal(to_text(mnist_layout(28, 28)), "20x20 centred by mass");
    check_equal(to_text(mnist_layout(14, 28)), "10x20 centred by mass");
    check_equal(to_text(mnist_layout(1, 1)), "1x1 centred by mass");
}

TEST(images_that_differ_in_size_or_place_are_a_whole) {
    const auto layout = [](const Dataset& data) { return to_text(measure_layout(data)); };
    // Large and small squares in the middle; low and high bars of one size.
    check_equal(layout(rectangles(40,
                                  [](std::size_t i) {
                                      const std::size_t side = i % 2 == 0 ? 20 : 8;
                                      return Rectangle{14 - side / 2, 14 - side / 2, side, side};
                                  })),
                "whole");
    check_equal(layout(rectangles(40,
                                  [](std::size_t i) {
                                      return Rectangle{i % 2 == 0 ? 2u : 22u, 4, 4, 20};
                                  })),
                "whole");
    // Ink up to the border, as in Fashion-MNIST.
    check_equal(layout(rectangles(40,
                                  [](std::size_t) {
                                      return Rectangle{0, 4, 28, 20};
                                  })),
                "whole");
    check_equal(layout(rectangles(5, [](std::size_t) { return Rectangle{0, 0, 0, 0}; })), "whole");
    check_equal(to_text(ImageLayout{}), "unknown");
}

// An L with its corner in the middle of the image: the box is not centred, the mass nearly is.
TEST(a_centre_of_mass_and_a_box_are_told_apart) {
    // Every image: a block of 24 x 6 with a heavy lower half, centred by the box.
    std::vector<std::uint8_t> pixels(30 * 28 * 28);
    for (std::size_t i = 0; i < 30; ++i) {
        for (std::size_t y = 2; y < 26; ++y) {
            for (std::size_t x = 11; x < 17; ++x) {
                pixels[(i * 28 + y) * 28 + x] = y < 18 ? 20 : 250;
            }
        }
    }
    const Dataset boxes("boxes", 28, 28, 1, pixels, std::vector<std::uint8_t>(30));
    check_equal(to_text(measure_layout(boxes)), "24x24 centred by box");
    // One image in ten may be different, two may not.
    for (const std::size_t different : {3u, 4u}) {
        std::vector<std::uint8_t> some = pixels;
        std::fill_n(some.begin(), different * 28 * 28, std::uint8_t{0});
        for (std::size_t i = 0; i < different; ++i) some[i * 28 * 28] = 255;
        const Dataset data("boxes", 28, 28, 1, some, std::vector<std::uint8_t>(30));
        check_equal(to_text(measure_layout(data)),
                    different == 3 ? "24x24 centred by box" : "whole");
    }
}

TEST(a_layout_is_read_back_from_its_text) {
    for (const ImageLayout& layout : {mnist_layout(28, 28), ImageLayout{ImageLayout::Kind::whole},
                                      ImageLayout{ImageLayout::Kind::centred_by_box, 24, 28}}) {
        check(parse_layout(to_text(layout), 28, 28) == layout);
    }
    for (const char* const wrong :
         {"", "unknown", "20x20", "0x20 centred by mass", "20x29 centred by mass",
          "x centred by box", "20x20 centred by mass ", "020x20 centred by mass",
          "20x20 centred by eye", "99999999999999999999x1 centred by box"}) {
        check(!parse_layout(wrong, 28, 28).has_value());
    }
}

GrayImage filled(std::size_t width, std::size_t height, std::uint8_t value) {
    return {width, height, std::vector<std::uint8_t>(width * height, value)};
}

// 20 x 10 pixels with a bar of ink in rows 2 and 3.
GrayImage bar(std::uint8_t paper, std::uint8_t ink) {
    GrayImage image = filled(20, 10, paper);
    for (std::size_t x = 5; x < 15; ++x) image.pixels[2 * 20 + x] = image.pixels[3 * 20 + x] = ink;
    return image;
}

TEST(a_whole_image_keeps_place_and_size_of_the_ink) {
    const GrayImage image = bar(0, 180);
    check(scale_whole_image(image, 10, 20, "test") == image.pixels);  // unchanged
    check(scale_whole_image(bar(255, 75), 10, 20, "test") == image.pixels);
    // 100 below a paper of 150 is two thirds of the way to black.
    const auto grey = scale_whole_image(bar(150, 50), 10, 20, "test");
    check_equal(int{grey[2 * 20 + 5]}, 170);
    check_equal(int{grey[0]}, 0);
    // Half the size; and in a square with paper above and below.
    const auto half = scale_whole_image(image, 5, 10, "test");
    check_equal(int{half[1 * 10 + 2]}, 90);
    check_equal(int{half[1 * 10 + 3]}, 180);
    check_equal(int{half[2 * 10 + 3]}, 0);
    const auto square = scale_whole_image(image, 20, 20, "test");
    check_equal(int{square[7 * 20 + 5]}, 180);
    check_equal(std::ranges::count(square, 180), 20);
    const auto twice = scale_whole_image(image, 20, 40, "test");
    check_equal(std::ranges::count(twice, 180), 80);
    check_throws([] { scale_whole_image(filled(3, 3, 255), 3, 3, "some/file"); },
                 "some/file: no digit found, only background");
    check_throws([] { scale_whole_image(filled(3, 3, 0), 0, 3, "x"); },
                 "scale_whole_image: cannot");
}

TEST(ink_is_centred_by_the_middle_of_its_box_if_the_layout_says_so) {
    // A bar with a heavy foot: 10 rows, of which the last two are six times as wide.
    GrayImage image = filled(40, 40, 255);
    for (std::size_t y = 5; y < 15; ++y) {
        for (std::size_t x = 5; x < (y < 13 ? 6u : 11u); ++x) image.pixels[y * 40 + x] = 0;
    }
    const auto ink_of = [&](ImageLayout::Kind kind, std::size_t box) {
        return normalize_digit(image, 14, 14, {kind, box, box}, "test");
    };
    const auto first_row = [](const std::vector<std::uint8_t>& ink) {
        const auto first = std::ranges::find_if(ink, [](auto value) { return value > 0; });
        return static_cast<std::size_t>(first - ink.begin()) / 14;
    };
    check_equal(first_row(ink_of(ImageLayout::Kind::centred_by_box, 10)), 2u);
    check_equal(first_row(ink_of(ImageLayout::Kind::centred_by_mass, 10)), 0u);
    check_throws([&] { ink_of(ImageLayout::Kind::centred_by_box, 15); }, "does not fit");
}

}  // namespace
}  // namespace digits
