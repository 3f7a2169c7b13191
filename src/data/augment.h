// More images from the same ones: each is turned, stretched, shifted and warped a little, in a
// new way every time it comes up.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "linalg/matrix.h"
#include "util/settings.h"

namespace digits {

enum class Augmentation { none, shift, affine, elastic };
inline constexpr std::array<std::string_view, 4> augmentation_names{"none", "shift", "affine",
                                                                    "elastic"};

struct AugmentSettings {
    Augmentation kind = Augmentation::none;
    // Of everything below: 0.5 distorts half as much, 0 not at all.
    double strength = 1.0;
    // For shift and all that follow: pixels, either way, down and across.
    double shift = 1.0;
    // For affine and elastic. Each is drawn evenly from its range, either way; of the rotation it
    // is the tangent of half the angle, which for small ones is the same.
    double rotation = 12.0;  // degrees
    double scale = 0.12;     // of each axis, as a share
    double shear = 0.15;     // columns moved per row
    // For elastic alone.
    double elastic = 1.2;  // root-mean-square displacement of a pixel along each axis, in pixels
    double smoothness =
        5.0;  // deviation of the Gaussian that makes neighbours move alike, in pixels
    std::uint64_t seed = 1;
};

std::vector<Setting> settings_of(AugmentSettings& settings);

// Distorts images of one size. Affine maps and elastic displacements (Simard, Steinkraus and
// Platt, "Best Practices for Convolutional Neural Networks Applied to Visual Document Analysis",
// 2003: evenly distributed random displacements, smoothed by a Gaussian and scaled) are added
// up, and each pixel of the result is looked up once, between four pixels of the original. What
// comes from outside the image is 0.
class Augmenter {
public:
    // Throws std::invalid_argument for settings out of bounds and for images of no size.
    Augmenter(std::size_t rows, std::size_t columns, const AugmentSettings& settings);

    // Distorts each row of `input` (B, rows * columns), which holds the image with this index, in
    // place. What is drawn follows from the seed, the epoch and the image's index alone, so
    // neither threads nor the order of the batches change anything.
    void distort(std::span<const std::size_t> indices, std::size_t epoch, Matrix& input) const;

private:
    struct Workspace;

    void distort_one(std::size_t index, std::size_t epoch, std::span<float> image,
                     Workspace& work) const;

    std::size_t rows_, columns_;
    AugmentSettings settings_;
    // Displacements are S_down * noise * S_across^T; S_across also makes them as large as the
    // settings say.
    Matrix smooth_down_, smooth_across_;
};

}  // namespace digits
