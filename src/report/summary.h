// What `digits train` and `digits evaluate` say at the end: the scores, the confusions, the worst
// mistakes and the loss.
#pragma once

#include <span>
#include <string>

#include "plot/terminal_image.h"
#include "training/evaluation.h"
#include "training/trainer.h"

namespace digits {

// The confusion matrix, the classification report, log loss, accuracy with its standard error and
// the most confused pairs, none wider than `width` characters if possible.
// `names`: one per class, or none, and then they are called "0", "1", ...
std::string scores_text(const Evaluation& evaluation, std::size_t width,
                        std::span<const std::string> names = {});

// The ten misread images that cost the most, drawn, with what each was taken for; "" if none.
std::string mistakes_text(const Evaluation& evaluation, const Dataset& data, ImageStyle style,
                          std::size_t width, std::span<const std::string> names = {});

// The loss of every step as a curve, with a heading; "" where there is no room for one.
std::string loss_text(const History& history, ImageStyle style, std::size_t width);

}  // namespace digits
