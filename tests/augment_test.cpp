#include "data/augment.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "check.h"
#include "data/dataset.h"
#include "data/synthetic/synthesize.h"
#include "util/parallel.h"

namespace digits {
namespace {

using testing::check;
using testing::check_equal;
using testing::check_near;
using testing::check_throws;

constexpr std::size_t side = 28;

AugmentSettings no_distortion(Augmentation kind) {
    AugmentSettings settings;
    settings.kind = kind;
    settings.shift = settings.rotation = settings.scale = settings.shear = settings.elastic = 0.0;
    return settings;
}

// Images that show where they were sampled: pixel (r, c) is r in the first and c in the second.
Matrix ramps() {
    Matrix images(2, side * side);
    for (std::size_t i = 0; i < side * side; ++i) {
        images(0, i) = static_cast<float>(i / side);
        images(1, i) = static_cast<float>(i % side);
    }
    return images;
}

// Where image `index` is sampled for pixel (r, c), if that is inside.
struct Place {
    double down, across;
};

class Map {
public:
    Map(const AugmentSettings& settings, std::size_t index, std::size_t epoch = 1)
        : ramps_(ramps()) {
        const std::size_t indices[] = {index, index};
        Augmenter(side, side, settings).distort(indices, epoch, ramps_);
    }

    Place operator()(std::size_t r, std::size_t c) const {
        return {static_cast<double>(ramps_(0, r * side + c)),
                static_cast<double>(ramps_(1, r * side + c))};
    }

private:
    Matrix ramps_;
};

Batch some_digits(std::size_t count, std::vector<std::size_t>& indices) {
    const Dataset data = synthesize(count, 3);
    Batch batch;
    indices.resize(count);
    for (std::size_t i = 0; i < count; ++i) indices[i] = i;
    gather(data, indices, batch);
    return batch;
}

TEST(a_strength_of_zero_changes_nothing) {
    std::vector<std::size_t> indices;
    const Batch batch = some_digits(20, indices);
    for (const Augmentation kind :
         {Augmentation::none, Augmentation::shift, Augmentation::affine, Augmentation::elastic}) {
        AugmentSettings settings;
        settings.kind = kind;
        settings.strength = 0.0;
        Matrix input = batch.input;
        Augmenter(side, side, settings).distort(indices, 1, input);
        check(input == batch.input);
    }
}

TEST(a_shift_moves_all_pixels_equally_and_within_its_range) {
    AugmentSettings settings = no_distortion(Augmentation::shift);
    settings.shift = 2.0;
    for (std::size_t index = 0; index < 50; ++index) {
        const Map map(settings, index);
        const double down = map(10, 10).down - 10, across = map(10, 10).across - 10;
        check(std::abs(down) <= 2.0 && std::abs(across) <= 2.0);
        check_near(map(20, 15).down - 20, down, 1e-4);
        check_near(map(20, 15).across - 15, across, 1e-4);
    }
}

TEST(a_rotation_keeps_the_middle_lengths_and_right_angles) {
    AugmentSettings settings = no_distortion(Augmentation::affine);
    settings.rotation = 12.0;
    double largest = 0.0;
    for (std::size_t index = 0; index < 50; ++index) {
        const Map map(settings, index);
        const double cosine = (map(18, 13).down - map(9, 13).down) / 9;
        const double sine = (map(18, 13).across - map(9, 13).across) / 9;
        check_near(cosine * cosine + sine * sine, 1.0, 1e-4);
        check_near((map(13, 18).across - map(13, 9).across) / 9, cosine, 1e-4);
        check_near((map(13, 18).down - map(13, 9).down) / 9, -sine, 1e-4);
        check_near((map(13, 13).down + map(14, 14).down) / 2, 13.5, 1e-4);
        largest = std::max(largest, std::abs(std::atan2(sine, cosine)));
    }
    constexpr double degree = 3.14159265 / 180;
    check(largest <= 12.01 * degree && largest > 10 * degree);
}

TEST(scale_and_shear_stay_within_their_ranges) {
    AugmentSettings settings = no_distortion(Augmentation::affine);
    settings.scale = 0.1;
    settings.shear = 0.2;
    for (std::size_t index = 0; index < 50; ++index) {
        const Map map(settings, index);
        const double tall = 9 / (map(18, 13).down - map(9, 13).down);
        const double wide = 9 / (map(13, 18).across - map(13, 9).across);
        check(tall >= 0.8999 && tall <= 1.1001 && wide >= 0.8999 && wide <= 1.1001);
        const double shear = (map(18, 13).across - map(9, 13).across) / 9 * wide;
        check(std::abs(shear) <= 0.2001);
        check_near(map(13, 18).down, map(13, 9).down, 1e-4);  // rows stay level
    }
}

TEST(elastic_displacements_are_smooth_and_as_large_as_requested) {
    AugmentSettings settings = no_distortion(Augmentation::elastic);
    settings.elastic = 1.2;
    double squares = 0.0, roughness = 0.0;
    std::size_t count = 0;
    for (std::size_t index = 0; index < 200; ++index) {
        const Map map(settings, index);
        // Far enough from the edges that nothing is sampled outside.
        for (std::size_t r = 8; r < 20; ++r) {
            for (std::size_t c = 8; c < 20; ++c) {
                const double down = map(r, c).down - static_cast<double>(r);
                const double across = map(r, c).across - static_cast<double>(c);
                squares += down * down + across * across;
                roughness += std::pow(map(r, c + 1).down - static_cast<double>(r) - down, 2);
                count += 2;
            }
        }
    }
    // 200 fields with about four independent bumps in this part: a standard error of 3 %.
    check_near(std::sqrt(squares / static_cast<double>(count)), 1.2, 0.12);
    check(std::sqrt(roughness / static_cast<double>(count)) < 0.3);
}

TEST(the_random_draws_depend_on_seed_epoch_and_index_alone) {
    AugmentSettings settings;
    settings.kind = Augmentation::elastic;
    std::vector<std::size_t> indices;
    const Batch batch = some_digits(40, indices);
    const Augmenter augmenter(side, side, settings);
    Matrix together = batch.input, again = batch.input, next_epoch = batch.input;
    augmenter.distort(indices, 1, together);
    augmenter.distort(indices, 2, next_epoch);
    check(!(together == next_epoch));
    for (const std::size_t threads : {1u, 2u, 3u, 7u}) {
        set_thread_count(threads);
        Matrix input = batch.input;
        augmenter.distort(indices, 1, input);
        check(input == together);
    }
    set_thread_count(0);
    // The last image alone gives the same result as in the batch.
    Matrix last(1, side * side);
    std::ranges::copy(batch.input.row(39), last.row(0).begin());
    augmenter.distort(std::span(indices).last(1), 1, last);
    check(std::ranges::equal(last.row(0), together.row(39)));
    settings.seed = 2;
    Augmenter(side, side, settings).distort(indices, 1, again);
    check(!(again == together));
}

TEST(images_of_any_size_are_distorted_and_ink_stays_between_0_and_1) {
    AugmentSettings settings;
    settings.kind = Augmentation::elastic;
    settings.strength = 3.0;
    for (const auto& [rows, columns] :
         {std::pair<std::size_t, std::size_t>{1, 1}, {3, 50}, {40, 7}}) {
        Matrix input(5, rows * columns, 1.0f);
        const std::size_t indices[] = {0, 1, 2, 3, 4};
        Augmenter(rows, columns, settings).distort(indices, 1, input);
        for (const float value : input.values()) check(value >= 0.0f && value <= 1.0f);
    }
}

TEST(images_of_any_length_are_sampled_inside_their_frame) {
    // From 32768 on, a float has no digits left for a thousandth: the last row used to be sampled
    // between itself and the memory after it.
    Matrix input(1, 40000, 1.0f);
    const std::size_t indices[] = {0};
    Augmenter(40000, 1, {.kind = Augmentation::affine, .scale = 0.0}).distort(indices, 1, input);
    for (const float value : input.values()) {
        if (!(value >= 0.0f && value <= 1.0f)) return check(false);
    }
    check(input(0, 20000) > 0.0f);
}

TEST(settings_out_of_range_are_rejected) {
    AugmentSettings settings;
    settings.kind = Augmentation::elastic;
    settings.elastic = -1.0;
    check_throws([&] { Augmenter(28, 28, settings); },
                 "elastic is -1; expected a number of at least 0");
    settings = {};
    settings.scale = 0.5;
    settings.strength = 2.0;
    check_throws([&] { Augmenter(28, 28, settings); },
                 "scale times strength is 1; expected less than 1");
    // Nothing is infinite or NaN, and no image is of no size.
    const double infinity = std::numeric_limits<double>::infinity();
    for (double AugmentSettings::*field :
         {&AugmentSettings::shift, &AugmentSettings::rotation, &AugmentSettings::scale,
          &AugmentSettings::shear, &AugmentSettings::elastic, &AugmentSettings::smoothness,
          &AugmentSettings::strength}) {
        for (const double wrong : {infinity, std::nan(""), -1.0}) {
            settings = {};
            settings.kind = Augmentation::elastic;
            settings.*field = wrong;
            check_throws([&] { Augmenter(28, 28, settings); }, "; expected a number");
        }
    }
    settings = {};
    settings.rotation = 60.0;
    settings.strength = 3.0;
    check_throws([&] { Augmenter(28, 28, settings); }, "expected less than 180 degrees");
    check_throws([] { Augmenter(0, 4, {.kind = Augmentation::shift}); }, "no images of 0 x 4");

    settings = {};
    settings.kind = Augmentation::shift;
    Matrix input(2, 10);
    const std::size_t indices[] = {0};
    check_throws([&] { Augmenter(28, 28, settings).distort(indices, 1, input); },
                 "the input is 2x10 for 1 images of 28 x 28");
}

}  // namespace
}  // namespace digits
