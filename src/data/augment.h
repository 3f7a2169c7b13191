// Data augmentation: shifts, affine maps and elastic distortions, drawn anew for each image and
// epoch.
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
    // Factor on everything below: 0.5 distorts half as much, 0 not at all.
    double strength = 1.0;
    // For shift, affine and elastic: the largest translation along each axis, in pixels.
    double shift = 1.0;
    // For affine and elastic: the bounds, in both directions, of uniform distributions. Of the
    // rotation it is the tangent of half the angle that is uniform, nearly the same if it is small.
    double rotation = 12.0;  // degrees
    double scale = 0.12;     // relative change of each axis
    double shear = 0.15;     // columns moved per row
    // For elastic alone.
    double elastic = 1.2;     // root-mean-square displacement along each axis, in pixels
    double smoothness = 5.0;  // standard deviation of the Gaussian that smooths it, in pixels
    std::uint64_t seed = 1;
};

std::vector<Setting> settings_of(AugmentSettings& settings);

// Distorts images of one size. Affine maps and elastic displacements (Simard, Steinkraus and
// Platt, "Best Practices for Convolutional Neural Networks Applied to Visual Document Analysis",
// 2003: uniform random displacements, smoothed by a Gaussian and scaled) are added up, and each
// pixel of the result is sampled once, by bilinear interpolation of the original. Outside the
// image, the original is 0.
class Augmenter {
public:
    // Throws std::invalid_argument for settings out of bounds and for images of no size.
    Augmenter(std::size_t rows, std::size_t columns, const AugmentSettings& settings);

    // Distorts each row of `input` (B, rows * columns) in place; `indices` are those of the images
    // in the data set. The random draws depend on the seed, the epoch and the image's index alone,
    // so neither the number of threads nor the order of the batches changes the result.
    void distort(std::span<const std::size_t> indices, std::size_t epoch, Matrix& input) const;

private:
    struct Workspace;

    void distort_one(std::size_t index, std::size_t epoch, std::span<float> image,
                     Workspace& work) const;

    std::size_t rows_, columns_;
    AugmentSettings settings_;
    // Displacements are S_down * noise * S_across^T; S_across includes their scale factor.
    Matrix smooth_down_, smooth_across_;
};

}  // namespace digits
