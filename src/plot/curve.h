// Makes a curve fit to be drawn: a noisy one smoothed, a long one downsampled without losing
// its peaks.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "plot/svg.h"

namespace digits {

// Each value becomes the mean of those around it: (window - 1) / 2 on either side. Near the
// beginning, where losses fall steeply, as many as there are on both; at the end those before it.
std::vector<double> moving_average(std::span<const double> values, std::size_t window);

// A window that smooths the noise of so many steps and leaves their course: a fiftieth of them.
std::size_t smoothing_window(std::size_t steps);

// At most about `most` of the points. Of more, equally many neighbours share a bucket, and its
// lowest and its highest stay, so that no peak is lost. Points that are not finite are left out.
std::vector<Point> downsample(std::span<const Point> points, std::size_t most);

}  // namespace digits
