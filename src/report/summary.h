// What `digits train` and `digits evaluate` print at the end: the confusion matrix and the scores,
// the worst mistakes, and the loss curve.
#pragma once

#include <span>
#include <string>

#include "plot/terminal_image.h"
#include "training/evaluation.h"
#include "training/trainer.h"

namespace digits {

// The confusion matrix, the classification report, log loss, accuracy with its standard error and
// the most confused pairs, none wider than `width` characters if possible.
// `names`: one per class; if there are none, the classes are called "0", "1", ...
std::string scores_text(const Evaluation& evaluation, std::size_t width,
                        std::span<const std::string> names = {});

// The ten misclassified images with the highest loss, drawn, each with its actual and its predicted
// class; "" if none.
std::string mistakes_text(const Evaluation& evaluation, const Dataset& data, ImageStyle style,
                          std::size_t width, std::span<const std::string> names = {});

// The loss of every step as a curve with a heading; "" if there are no steps or `width` is too
// small.
std::string loss_text(const History& history, ImageStyle style, std::size_t width);

}  // namespace digits
