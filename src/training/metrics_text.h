// The confusion matrix and its scores as text. These functions return strings; they print nothing.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "training/metrics.h"

namespace digits {

// `names` are one name (UTF-8) per class, or none, and then classes are called "0", "1", ... A
// matrix in which no image was counted, and any other number of names, throw
// std::invalid_argument.

// The table that scikit-learn's classification_report(labels=range(classes), digits=4) returns,
// byte for byte. Every class has its line, even one that the data at hand lacks.
std::string classification_report(const ConfusionMatrix& matrix,
                                  std::span<const std::string> names = {});

// The matrix for reading: headings, aligned columns and a dot for zero, so that mistakes stand out.
// Where that would be wider than `width` characters, as with 26 classes, one line per class says
// how many images were read correctly and the three classes they were most often taken for.
std::string confusion_table(const ConfusionMatrix& matrix, std::span<const std::string> names = {},
                            std::size_t width = 80);

// The bare counts, a line per row and a space between two, for other programs to read.
std::string confusion_text(const ConfusionMatrix& matrix);

}  // namespace digits
