#include "cli/run/transposition_hint.h"

#include "training/ensemble.h"
#include "util/text.h"

namespace digits {

std::string transposition_hint(std::span<const Model* const> ensemble, const Dataset& data,
                               double accuracy) {
    // MNIST's networks recognize about 15 % of its transposed images.
    constexpr double suspicious = 0.5, twice = 2.0;
    if (accuracy >= suspicious || data.rows != data.columns) return "";
    const double other = evaluate(ensemble, transposed(data)).accuracy();
    if (other < suspicious || other < twice * accuracy) return "";
    return str_cat(
        "\n",
        wrapped(str_cat("Note: if each image of ", data.name, " is transposed, the accuracy is ",
                        percent(other), ". Its files and those of the training data seem to ",
                        "store images differently, row after row and column after column. ",
                        "The files of --data are transposed with --transpose, or if those that ",
                        "the model was trained on were; those of --test-data only with ",
                        "--transpose-test.")));
}

}  // namespace digits
