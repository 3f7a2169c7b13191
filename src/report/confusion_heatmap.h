// Confusion matrix heatmaps: one with counts, or an animation over the epochs.
#pragma once

#include <span>

#include "plot/svg.h"
#include "training/run_result.h"

namespace digits {

// Correct predictions are blue and mistakes orange, stronger the larger their share of the row, the
// actual class. For mistakes it is the cube root of that share, so that one in a thousand is still
// visible. Up to 64 classes are drawn as squares, with counts where they fit; more as one pixel per
// cell.
Svg confusion_heatmap(const ConfusionMatrix& matrix);

// Timing of an animation: one time slot for each frame, and some more for the last. A curve and
// matrices that share it run in step.
struct Animation {
    std::size_t frames = 1;

    double seconds() const;                 // of one loop
    double share(std::size_t slots) const;  // of the loop that this many slots take, in percent

    // CSS rules for groups of the classes frame, frame0, frame1 ... and last, of which one is
    // visible at a time, and for lines of the class sweep, which are drawn from left to right.
    // Nothing moves for readers who prefer reduced motion, or in print.
    std::string rules() const;
};

// At most twelve of the epochs, evenly spaced, including the first and the last; none for more than
// 64 classes.
std::vector<EpochConfusion> frames_of(std::span<const EpochConfusion> epochs);

// The heatmaps one after the other, each with its epoch and accuracy. `frames` must not be empty.
Svg confusion_animation(std::span<const EpochConfusion> frames);

}  // namespace digits
