#include "data/augment.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <vector>

#include "linalg/gemm.h"
#include "util/parallel.h"
#include "util/random.h"

namespace digits {

// Buffers of one thread for distorting an image; allocated once for images of one size.
struct Augmenter::Workspace {
    Workspace(std::size_t rows, std::size_t columns)
        : noise(rows, columns),
          smoothed(rows, columns),
          down(rows, columns),
          across(rows, columns),
          framed(rows + 2, columns + 2) {}

    Matrix noise, smoothed;  // for the elastic displacements
    Matrix down, across;     // where in the original each pixel of the result is sampled
    Matrix framed;           // the original in a frame of zeros, one pixel wide
};

namespace {

// Uniform in [-range, range].
double draw(Random& random, double range) {
    return random.uniform(-range, range);
}

// Uniform in [-1, 1]: four 16-bit numbers from each draw of 64 bits.
void fill_with_noise(Matrix& noise, Random& random) {
    const std::span<float> values = noise.values();
    for (std::size_t i = 0; i < values.size(); i += 4) {
        std::uint64_t bits = random.next();
        for (std::size_t j = i; j < std::min(i + 4, values.size()); ++j, bits >>= 16) {
            const auto number = static_cast<std::int32_t>(bits & 0xffff);
            values[j] = static_cast<float>(2 * number - 65535) * (1.0f / 65535.0f);
        }
    }
}

// The matrix S (size, size) for which S x is x smoothed by a Gaussian. It wraps around, from the
// last element to the first, so that displacements are as large at the edges as in the middle.
// White noise of variance 1 comes out with variance 1.
Matrix gaussian(std::size_t size, double deviation) {
    Matrix smoother(size, size);
    const auto reach = static_cast<std::ptrdiff_t>(std::ceil(3.0 * deviation));
    std::vector<double> weights(size, 0.0);
    for (std::ptrdiff_t k = -reach; k <= reach; ++k) {
        const double distance = static_cast<double>(k) / deviation;
        const auto period = static_cast<std::ptrdiff_t>(size);
        weights[static_cast<std::size_t>((k % period + period) % period)] +=
            std::exp(-0.5 * distance * distance);
    }
    double squares = 0.0;
    for (const double weight : weights) squares += weight * weight;
    for (std::size_t i = 0; i < size; ++i) {
        for (std::size_t j = 0; j < size; ++j) {
            smoother(i, j) =
                static_cast<float>(weights[(i + size - j) % size] / std::sqrt(squares));
        }
    }
    return smoother;
}

// image[i] = the original at (down[i], across[i]), interpolated between four pixels.
void sample_bilinear(const Matrix& framed, const Matrix& down, const Matrix& across,
                     std::span<float> image) {
    // Just before the last row and column. From 32768 pixels on, a float is too coarse for 1e-3.
    const auto before = [](std::size_t last) {
        const auto place = static_cast<float>(last);
        return std::min(place - 1e-3f, std::nextafter(place, 0.0f));
    };
    const float bottom = before(framed.rows() - 1), right = before(framed.columns() - 1);
    const std::size_t stride = framed.columns();
    for (std::size_t i = 0; i < image.size(); ++i) {
        // The frame shifts all coordinates by one pixel. Those outside of it are clamped to zeros.
        const float y = std::clamp(down.data()[i] + 1.0f, 0.0f, bottom);
        const float x = std::clamp(across.data()[i] + 1.0f, 0.0f, right);
        const auto row = static_cast<std::int32_t>(y), column = static_cast<std::int32_t>(x);
        const float v = y - static_cast<float>(row), u = x - static_cast<float>(column);
        const float* const corner = framed.data() + static_cast<std::size_t>(row) * stride +
                                    static_cast<std::size_t>(column);
        const float above = corner[0] + u * (corner[1] - corner[0]);
        const float below = corner[stride] + u * (corner[stride + 1] - corner[stride]);
        image[i] = above + v * (below - above);
    }
}

}  // namespace

std::vector<Setting> settings_of(AugmentSettings& settings) {
    AugmentSettings& s = settings;
    return {
        {"augment", "distort the training images, differently each time",
         choice_of(s.kind, augmentation_names)},
        {"augment_strength", "how strongly to distort; 0 is not at all", &s.strength, {0.0, 4.0}},
        {"shift", "", &s.shift, {0.0, 1000.0}},
        {"rotation", "", &s.rotation, {0.0, 180.0, Interval::right_open}},
        {"scale", "", &s.scale, {0.0, 1.0, Interval::right_open}},
        {"shear", "", &s.shear, {0.0, 100.0}},
        {"elastic", "", &s.elastic, {0.0, 1000.0}},
        {"smoothness", "", &s.smoothness, {0.01, 1000.0}},
    };
}

Augmenter::Augmenter(std::size_t rows, std::size_t columns, const AugmentSettings& settings)
    : rows_(rows), columns_(columns), settings_(settings) {
    check_settings(settings, "augment");
    require(rows > 0 && columns > 0, "augment: there are no images of ", rows, " x ", columns);
    const AugmentSettings& s = settings;
    require(s.scale * s.strength < 1.0, "augment: scale times strength is ", s.scale * s.strength,
            "; expected less than 1");
    require(s.rotation * s.strength < 180.0, "augment: rotation times strength is ",
            s.rotation * s.strength, "; expected less than 180 degrees");
    if (s.kind != Augmentation::elastic) return;
    smooth_down_ = gaussian(rows, s.smoothness);
    smooth_across_ = gaussian(columns, s.smoothness);
    // The uniform distribution on [-1, 1] has a variance of 1/3.
    const auto factor = static_cast<float>(s.elastic * s.strength * std::sqrt(3.0));
    for (float& weight : smooth_across_.values()) weight *= factor;
}

void Augmenter::distort(std::span<const std::size_t> indices, std::size_t epoch,
                        Matrix& input) const {
    if (settings_.kind == Augmentation::none) return;
    require(input.rows() == indices.size() && input.columns() == rows_ * columns_,
            "augment: the input is ", shape(input), " for ", indices.size(), " images of ", rows_,
            " x ", columns_);
    constexpr std::size_t grain = 4;  // images per work chunk, of some microseconds each
    parallel_for(0, indices.size(), grain, [&](std::size_t begin, std::size_t end) {
        thread_local std::optional<Workspace> work;
        if (!work || work->noise.rows() != rows_ || work->noise.columns() != columns_) {
            work.emplace(rows_, columns_);
        }
        for (std::size_t i = begin; i < end; ++i) {
            distort_one(indices[i], epoch, input.row(i), *work);
        }
    });
}

void Augmenter::distort_one(std::size_t index, std::size_t epoch, std::span<float> image,
                            Workspace& work) const {
    Random random(settings_.seed + scramble(epoch), index);
    const AugmentSettings& s = settings_;
    const bool is_affine = s.kind != Augmentation::shift;
    const double shift_down = draw(random, s.shift * s.strength);
    const double shift_across = draw(random, s.shift * s.strength);
    // From the tangent of half the angle, basic arithmetic gives sine and cosine, rounded alike on
    // every machine.
    const double most = std::tan(s.rotation * s.strength * std::numbers::pi / 360.0);
    const double t = is_affine ? draw(random, most) : 0.0;
    const double sine = 2.0 * t / (1.0 + t * t), cosine = (1.0 - t * t) / (1.0 + t * t);
    const double tall = is_affine ? 1.0 / (1.0 + draw(random, s.scale * s.strength)) : 1.0;
    const double wide = is_affine ? 1.0 / (1.0 + draw(random, s.scale * s.strength)) : 1.0;
    const double shear = is_affine ? draw(random, s.shear * s.strength) : 0.0;

    // The inverse affine map: from a pixel of the result, relative to the middle, to its position
    // in the original.
    const auto down_by_row = static_cast<float>(tall * cosine);
    const auto down_by_column = static_cast<float>(-tall * sine);
    const auto across_by_row = static_cast<float>(wide * (sine + shear * cosine));
    const auto across_by_column = static_cast<float>(wide * (cosine - shear * sine));
    const float middle_row = static_cast<float>(rows_ - 1) / 2;
    const float middle_column = static_cast<float>(columns_ - 1) / 2;
    for (std::size_t r = 0; r < rows_; ++r) {
        const float from_middle = static_cast<float>(r) - middle_row;
        const float down = middle_row + static_cast<float>(shift_down) + down_by_row * from_middle;
        const float across =
            middle_column + static_cast<float>(shift_across) + across_by_row * from_middle;
        for (std::size_t c = 0; c < columns_; ++c) {
            const float column = static_cast<float>(static_cast<std::int32_t>(c)) - middle_column;
            work.down.data()[r * columns_ + c] = down + down_by_column * column;
            work.across.data()[r * columns_ + c] = across + across_by_column * column;
        }
        std::ranges::copy(image.subspan(r * columns_, columns_),
                          work.framed.row(r + 1).begin() + 1);
    }
    if (s.kind == Augmentation::elastic) {
        for (Matrix* field : {&work.down, &work.across}) {
            // A two-dimensional Gaussian is separable: one down the columns, one along the rows.
            fill_with_noise(work.noise, random);
            gemm(smooth_down_, work.noise, work.smoothed);
            gemm(work.smoothed, transposed(smooth_across_), *field, 1.0f);
        }
    }
    sample_bilinear(work.framed, work.down, work.across, image);
}

}  // namespace digits
