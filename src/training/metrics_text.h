// The confusion matrix and its scores as text. These functions return strings; they print nothing.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "training/metrics.h"

namespace digits {

// `names` contains one name (UTF-8) per class, or none: then the classes are called "0", "1", ...
// All functions throw std::invalid_argument for any other number of names, and the first two for a
// matrix in which no image was counted.

// The table that scikit-learn's classification_report(labels=range(classes), digits=4) returns,
// byte for byte. Every class has a line, even if it does not occur in the data.
std::string classification_report(const ConfusionMatrix& matrix,
                                  std::span<const std::string> names = {});

// The matrix for people: headings, aligned columns, and a dot for zero so that mistakes stand out.
// If it would be wider than `width` characters, as with 26 classes, the table has one line per
// class instead, with the number of correct predictions and the three most frequent wrong ones.
std::string confusion_table(const ConfusionMatrix& matrix, std::span<const std::string> names = {},
                            std::size_t width = 80);

// The bare counts, one line per row, separated by spaces, for other programs to read.
std::string confusion_text(const ConfusionMatrix& matrix);

}  // namespace digits
