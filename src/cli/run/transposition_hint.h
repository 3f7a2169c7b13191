// Notices images that are stored column after column while the network was trained on upright ones,
// or the other way round.
#pragma once

#include <span>
#include <string>

#include "data/dataset.h"
#include "training/model.h"

namespace digits {

// A paragraph for the user if the ensemble, which has this accuracy on the data, recognizes the
// transposed images far better; otherwise "". Evaluates a second time only if most images are not
// recognized.
std::string transposition_hint(std::span<const Model* const> ensemble, const Dataset& data,
                               double accuracy);

}  // namespace digits
