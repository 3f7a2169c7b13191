// Confusion matrices as heat maps: one with its counts, or many one after the other.
#pragma once

#include <span>

#include "plot/svg.h"
#include "training/run_result.h"

namespace digits {

// Right answers are blue and mistakes orange; the stronger, the more of the row they are. For
// mistakes the cube root of that share decides, so that one in a thousand can still be seen. Up to
// 64 classes have squares with counts as far as these are large enough, more have a pixel each.
Svg confusion_heatmap(const ConfusionMatrix& matrix);

// How the time of an animation is divided: a slot for each frame, and some more for the last. Curve
// and matrices that share it go in step.
struct Animation {
    std::size_t frames = 1;

    double seconds() const;                 // of one round
    double share(std::size_t slots) const;  // of it that so many slots take, in percent

    // The rules for groups of the classes frame, frame0, frame1 ... and last, of which one is seen
    // at a time, and for lines of the class sweep, which are drawn from left to right. Nothing
    // moves for readers who asked for that, nor on paper.
    std::string rules() const;
};

// At most twelve of them, evenly chosen, the first and the last among them; none where there are
// more than 64 classes.
std::vector<EpochConfusion> frames_of(std::span<const EpochConfusion> epochs);

// One after the other, each with its epoch and its accuracy. `frames` must not be empty.
Svg confusion_animation(std::span<const EpochConfusion> frames);

}  // namespace digits
