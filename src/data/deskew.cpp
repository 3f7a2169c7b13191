#include "data/deskew.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "util/parallel.h"
#include "util/sizes.h"

namespace digits {
namespace {

// Columns per row. Larger slopes come from horizontal strokes, not from slant: they are clamped.
constexpr double max_slope = 1.0;

struct Moments {
    std::size_t rows = 0;     // of the image
    double row = 0.0;         // of the centre of mass
    double variance = 0.0;    // of the row, over the ink
    double covariance = 0.0;  // of row and column, over the ink

    double slant() const {
        // Rounding error of E[r^2] - E[r]^2 when the true variance is 0.
        const double rounding = 1e-6 * static_cast<double>(rows * rows);
        return variance > rounding ? covariance / variance : 0.0;
    }
};

// Buffers of one thread for images of one size.
struct Workspace {
    explicit Workspace(std::size_t columns)
        : ink(columns), by_row(columns), by_row_squared(columns), framed(3 * columns + 3) {}

    std::vector<float> ink, by_row, by_row_squared;  // sums down each column
    std::vector<float> framed;  // a row with a row of background on either side
};

// Sums down the columns first, then across: the inner loop then updates one independent sum per
// column, so no addition waits for the previous one.
Moments moments_of(std::span<const float> image, std::size_t rows, Workspace& work) {
    const std::size_t columns = work.ink.size();
    for (std::vector<float>* sums : {&work.ink, &work.by_row, &work.by_row_squared}) {
        std::ranges::fill(*sums, 0.0f);
    }
    float *const ink = work.ink.data(), *const by_row = work.by_row.data(),
                 *const by_row_squared = work.by_row_squared.data();
    for (std::size_t r = 0; r < rows; ++r) {
        const auto row = static_cast<float>(r);
        for (std::size_t c = 0; c < columns; ++c) {
            const float value = image[r * columns + c];
            ink[c] += value;
            by_row[c] += row * value;
            by_row_squared[c] += row * row * value;
        }
    }
    double mass = 0.0, row = 0.0, column = 0.0, row_row = 0.0, row_column = 0.0;
    for (std::size_t c = 0; c < columns; ++c) {
        const auto here = static_cast<double>(c);
        mass += static_cast<double>(ink[c]);
        column += here * static_cast<double>(ink[c]);
        row += static_cast<double>(by_row[c]);
        row_row += static_cast<double>(by_row_squared[c]);
        row_column += here * static_cast<double>(by_row[c]);
    }
    if (mass <= 0.0) return {};
    row /= mass;
    column /= mass;
    return {rows, row, row_row / mass - row * row, row_column / mass - row * column};
}

// row[c] = the old row at c + offset, by linear interpolation between pixels; background outside.
void shift_row(std::span<float> row, double offset, Workspace& work) {
    const auto margin = static_cast<std::ptrdiff_t>(row.size()) + 1;
    std::ranges::copy(row, work.framed.begin() + margin);
    const double whole = std::floor(offset), furthest = static_cast<double>(margin);
    const auto share = static_cast<float>(offset - whole);
    const double moved = std::clamp(whole, -furthest, furthest - 1.0);
    const float* const from = work.framed.data() + margin + static_cast<std::ptrdiff_t>(moved);
    for (std::size_t c = 0; c < row.size(); ++c) row[c] = from[c] + share * (from[c + 1] - from[c]);
}

}  // namespace

double slant(std::span<const float> image, std::size_t rows, std::size_t columns) {
    require(image.size() == checked_product(rows, columns, "slant"), "slant: expected an image of ",
            rows, " x ", columns, ", found ", image.size(), " pixels");
    Workspace work(columns);
    return moments_of(image, rows, work).slant();
}

void deskew(std::size_t rows, std::size_t columns, Matrix& images) {
    require(rows > 0 && columns > 0, "deskew: expected at least 1 x 1 pixels, found ", rows, " x ",
            columns);
    require(images.columns() == checked_product(rows, columns, "deskew"), "deskew: the input is ",
            shape(images), " but an image has ", rows, " x ", columns, " pixels");
    constexpr std::size_t grain = 8;  // images per chunk, each of about a microsecond
    parallel_for(0, images.rows(), grain, [&](std::size_t begin, std::size_t end) {
        thread_local std::optional<Workspace> kept;
        if (!kept || kept->ink.size() != columns) kept.emplace(columns);
        Workspace& work = *kept;
        for (std::size_t i = begin; i < end; ++i) {
            const std::span<float> image = images.row(i);
            const Moments moments = moments_of(image, rows, work);
            const double slope = std::clamp(moments.slant(), -max_slope, max_slope);
            if (slope == 0.0) continue;
            for (std::size_t r = 0; r < rows; ++r) {
                shift_row(image.subspan(r * columns, columns),
                          slope * (static_cast<double>(r) - moments.row), work);
            }
        }
    });
}

}  // namespace digits
