// The hand that writes: it turns the skeleton of a digit into strokes that are never the same
// twice.
#pragma once

#include <vector>

#include "data/strokes.h"
#include "data/synthetic_skeletons.h"
#include "math/random.h"

namespace digits {

// The strokes of a digit whose skeleton lies somewhere between the two, which must have the same
// number of points in each stroke (and may be the same). Unit: the digit's height before anything
// bends it.
std::vector<Stroke> write_by_hand(const Skeleton& skeleton, const Skeleton& other, Random& random);

}  // namespace digits
