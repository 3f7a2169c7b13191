// Prepares curves for plotting: a moving average, and downsampling that keeps the peaks.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "plot/svg.h"

namespace digits {

// Centred moving average over `window` values, (window - 1) / 2 on either side. Near the beginning,
// where losses fall steeply, the window shrinks on both sides alike and so stays centred; near the
// end only its right side is cut off.
std::vector<double> moving_average(std::span<const double> values, std::size_t window);

// A window that smooths out the noise of this many steps but keeps their trend: a fiftieth of them.
std::size_t smoothing_window(std::size_t steps);

// Min-max downsampling to at most about `most` points: neighbouring points are grouped into buckets
// of about equal size, each of which keeps its lowest and its highest point, so that no peak is
// lost. Points that are not finite are dropped.
std::vector<Point> downsample(std::span<const Point> points, std::size_t most);

}  // namespace digits
