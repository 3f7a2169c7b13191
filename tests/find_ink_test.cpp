#include "data/find_ink.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "check.h"
#include "data/normalize_digit.h"
#include "data/remove_paper.h"
#include "data/synthetic/synthesize.h"
#include "util/random.h"

// Whatever surrounds the digit, the normalized image is the one of the digit on plain paper.
namespace digits {
namespace {

using testing::check;
using testing::check_equal;

// A drawn digit, black on white, four times its size.
GrayImage on_white(std::span<const std::uint8_t> ink) {
    constexpr std::size_t size = 4 * 28;
    GrayImage image{size, size, {}};
    for (std::size_t i = 0; i < size * size; ++i) {
        const std::size_t x = i % size / 4, y = i / size / 4;
        image.pixels.push_back(static_cast<std::uint8_t>(255 - ink[y * 28 + x]));
    }
    return image;
}

// The image with a border around it, in this grey.
GrayImage bordered(const GrayImage& image, std::size_t across, std::size_t down, int grey) {
    GrayImage result{image.width + 2 * across, image.height + 2 * down, {}};
    result.pixels.assign(result.width * result.height, static_cast<std::uint8_t>(grey));
    for (std::size_t y = 0; y < image.height; ++y) {
        for (std::size_t x = 0; x < image.width; ++x) {
            result.pixels[(y + down) * result.width + x + across] =
                image.pixels[y * image.width + x];
        }
    }
    return result;
}

GrayImage inverted(GrayImage image) {
    for (std::uint8_t& pixel : image.pixels) pixel = static_cast<std::uint8_t>(255 - pixel);
    return image;
}

// The rectangle that contains all pixels darker than half grey.
GrayImage cropped_to_ink(const GrayImage& image) {
    std::size_t left = image.width, right = 0, top = image.height, bottom = 0;
    for (std::size_t i = 0; i < image.pixels.size(); ++i) {
        if (image.pixels[i] > 127) continue;
        left = std::min(left, i % image.width);
        right = std::max(right, i % image.width);
        top = std::min(top, i / image.width);
        bottom = std::max(bottom, i / image.width);
    }
    GrayImage result{right - left + 1, bottom - top + 1, {}};
    for (std::size_t y = top; y <= bottom; ++y) {
        for (std::size_t x = left; x <= right; ++x) {
            result.pixels.push_back(image.pixels[y * image.width + x]);
        }
    }
    return result;
}

// Changes each pixel to change(grey, x, y), with x and y from 0 to 1.
template <typename Change>
GrayImage changed(GrayImage image, Change change) {
    for (std::size_t i = 0; i < image.pixels.size(); ++i) {
        const double x = static_cast<double>(i % image.width) / static_cast<double>(image.width);
        const double y = static_cast<double>(i / image.width) / static_cast<double>(image.height);
        const double grey = change(static_cast<double>(image.pixels[i]), x, y);
        image.pixels[i] = static_cast<std::uint8_t>(std::clamp(grey + 0.5, 0.0, 255.0));
    }
    return image;
}

// How many of twenty drawn digits come out nearly the same after both changes: they differ by less
// than 20 of 255 grey levels, on average over all pixels; two digits differ by some 50.
template <typename First, typename Second>
std::size_t alike(First first, Second second) {
    const Dataset digits = synthesize(20, 7);
    std::size_t count = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        const GrayImage plain = on_white(digits.image(i));
        const std::vector<std::uint8_t> a = normalize_digit(first(plain), 28, 28, "first");
        const std::vector<std::uint8_t> b = normalize_digit(second(plain), 28, 28, "second");
        int difference = 0;
        for (std::size_t p = 0; p < a.size(); ++p) difference += std::abs(int{a[p]} - int{b[p]});
        count += difference < 20 * 28 * 28;
    }
    return count;
}

template <typename Change>
std::size_t unchanged(Change change) {
    return alike([](const GrayImage& image) { return image; }, change);
}

TEST(a_frame_is_no_ink) {
    for (const std::size_t width : {1u, 2u, 8u}) {
        check_equal(unchanged([&](const GrayImage& g) { return bordered(g, width, width, 0); }),
                    20u);
    }
    check_equal(unchanged([](const GrayImage& g) { return inverted(bordered(g, 2, 2, 0)); }), 20u);
}

TEST(a_frame_inside_the_border_is_no_ink) {
    for (const std::size_t margin : {3u, 12u}) {
        check_equal(unchanged([&](const GrayImage& g) {
                        return bordered(bordered(g, 1, 1, 0), margin, margin, 255);
                    }),
                    20u);
    }
}

TEST(a_sheet_on_a_dark_desk_is_paper) {
    for (const std::size_t width : {15u, 40u, 80u}) {
        check_equal(unchanged([&](const GrayImage& g) { return bordered(g, width, width, 60); }),
                    20u);
    }
}

TEST(a_turned_sheet_on_a_dark_desk_is_paper) {
    const auto turned_on = [](int grey) {
        return [grey](const GrayImage& g) {
            const GrayImage upright = bordered(g, 40, 40, grey);
            const auto size = static_cast<double>(upright.width);
            return changed(upright, [&](double, double x, double y) {  // by 7 degrees
                const double u = 0.5 + 0.9925 * (x - 0.5) - 0.1219 * (y - 0.5);
                const double v = 0.5 + 0.1219 * (x - 0.5) + 0.9925 * (y - 0.5);
                if (std::min(u, v) < 0.0 || std::max(u, v) >= 1.0) return static_cast<double>(grey);
                const auto column = static_cast<std::size_t>(u * size);
                const auto row = static_cast<std::size_t>(v * size);
                return static_cast<double>(upright.pixels[row * upright.width + column]);
            });
        };
    };
    check_equal(alike(turned_on(255), turned_on(60)), 20u);
}

TEST(the_bars_of_a_screenshot_are_no_ink) {
    check_equal(unchanged([](const GrayImage& g) { return bordered(g, 40, 0, 0); }), 20u);
    check_equal(unchanged([](const GrayImage& g) { return bordered(g, 0, 60, 0); }), 20u);
}

TEST(a_dark_edge_on_one_side_is_no_ink) {
    for (const double share : {0.02, 0.1}) {
        check_equal(unchanged([&](const GrayImage& g) {
                        return changed(bordered(g, 8, 8, 255), [&](double grey, double x, double) {
                            return x < share ? 0.0 : grey;
                        });
                    }),
                    20u);
    }
}

TEST(a_dark_line_along_one_side_is_no_ink) {
    const auto along = [](auto is_in_line) {
        return unchanged([&](const GrayImage& g) {
            GrayImage image = bordered(g, 8, 8, 255);
            for (std::size_t i = 0; i < image.pixels.size(); ++i) {
                const std::size_t x = i % image.width, y = i / image.width;
                if (is_in_line(x, y, image.width - 1)) image.pixels[i] = 0;
            }
            return image;
        });
    };
    using S = std::size_t;
    check_equal(along([](S x, S, S) { return x == 0; }), 20u);
    check_equal(along([](S x, S, S last) { return x == last; }), 20u);
    check_equal(along([](S, S y, S) { return y == 0; }), 20u);
    check_equal(along([](S, S y, S last) { return y == last; }), 20u);
}

TEST(the_border_of_an_image_is_each_pixel_at_its_edge_once) {
    using Pixels = std::vector<std::uint8_t>;
    check(border_of({3, 3, {1, 2, 3, 4, 5, 6, 7, 8, 9}}) == Pixels{1, 2, 3, 4, 6, 7, 8, 9});
    check(border_of({1, 3, {1, 2, 3}}) == Pixels{1, 2, 3});
    check(border_of({2, 1, {1, 2}}) == Pixels{1, 2});
}

TEST(ink_may_reach_the_border) {
    check(unchanged(cropped_to_ink) >= 19);
    check(unchanged([](const GrayImage& g) { return inverted(cropped_to_ink(g)); }) >= 19);
}

TEST(a_shadow_is_no_ink) {
    const auto shadow = [](double softness, double contrast) {
        return unchanged([&](const GrayImage& g) {
            return changed(g, [&](double grey, double x, double y) {
                const double light = std::clamp((x + 0.5 * y - 0.8) / softness + 0.5, 0.0, 1.0);
                return (225.0 - (255.0 - grey) / 255.0 * contrast) * (0.55 + 0.45 * light);
            });
        });
    };
    check(shadow(0.001, 85.0) >= 15);  // a pencil, and a sharp edge
    check(shadow(0.25, 85.0) >= 15);
    check(shadow(0.001, 200.0) >= 15);  // a black pen
}

TEST(light_that_falls_off_is_no_ink) {
    check(unchanged([](const GrayImage& g) {
              return changed(g, [](double grey, double x, double) {
                  return (225.0 - (255.0 - grey) / 3.0) * (0.45 + 0.55 * x);
              });
          }) >= 19);
}

TEST(ruled_lines_are_no_ink) {
    const auto lines = [](bool is_squared) {
        return unchanged([&](const GrayImage& g) {
            GrayImage lined = bordered(g, 4, 4, 255);
            for (std::size_t i = 0; i < lined.pixels.size(); ++i) {
                const std::size_t x = i % lined.width, y = i / lined.width;
                // The lines descend by two pixels.
                const bool is_line = (y + 2 * x / lined.width) % 25 == 12;
                if (is_line || (is_squared && x % 25 == 7)) lined.pixels[i] = 0;
            }
            return lined;
        });
    };
    check(lines(false) >= 18);
    check(lines(true) >= 18);
}

TEST(dim_grainy_paper_is_paper) {
    Random random(4);
    check(unchanged([&](const GrayImage& g) {
              return changed(bordered(g, 10, 10, 255), [&](double grey, double, double) {
                  return 40.0 + grey * 70.0 / 255.0 + 3.0 * random.normal();
              });
          }) >= 19);
}

TEST(a_grey_sheet_on_a_white_page_is_paper) {
    check(unchanged([](const GrayImage& g) {
              return bordered(
                  changed(g, [](double grey, double, double) { return std::min(grey, 215.0); }), 50,
                  20, 255);
          }) >= 19);
}

TEST(digits_side_by_side_are_counted) {
    const Dataset digits = synthesize(20, 7);
    for (std::size_t i = 0; i + 1 < digits.size(); ++i) {
        const GrayImage left = on_white(digits.image(i)), right = on_white(digits.image(i + 1));
        GrayImage both = bordered(left, left.width / 2, 0, 255);
        for (std::size_t y = 0; y < left.height; ++y) {
            for (std::size_t x = 0; x < left.width; ++x) {
                both.pixels[y * both.width + x] = left.pixels[y * left.width + x];
                both.pixels[y * both.width + x + left.width] = right.pixels[y * left.width + x];
            }
        }
        check_equal(pieces_side_by_side(find_ink(left, "one")), 1u);
        check_equal(pieces_side_by_side(find_ink(both, "two")), 2u);
    }
}

}  // namespace
}  // namespace digits
