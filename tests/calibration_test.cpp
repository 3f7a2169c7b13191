#include "training/calibration.h"

#include <cmath>

#include "check.h"

namespace digits {
namespace {

using testing::check_equal;
using testing::check_near;
using testing::check_throws;

TEST(predictions_are_binned_by_confidence_and_compared_with_their_accuracy) {
    const std::vector<Prediction> predictions{
        {3, 0.2f, 0}, {3, 0.4f, 0}, {1, 0.5f, 0}, {1, 0.75f, 0}, {2, 1.0f, 0}};
    const std::vector<std::uint8_t> labels{3, 0, 1, 1, 0};
    const std::vector<ConfidenceBin> bins = confidence_bins(predictions, labels, 2);
    check_equal(bins.size(), 2u);
    check_near(bins[1].low, 0.5, 0);
    check_equal(bins[0].count, 2u);
    check_near(bins[0].confidence, 0.3, 1e-7);
    check_near(bins[0].accuracy, 0.5, 1e-12);
    check_equal(bins[1].count, 3u);  // 0.5 belongs to the upper bin, and so does 1
    check_near(bins[1].confidence, 0.75, 1e-12);
    check_near(bins[1].accuracy, 2.0 / 3, 1e-12);
    // (2 * 0.2 + 3 * (0.75 - 2/3)) / 5
    check_near(expected_calibration_error(bins), 0.13, 1e-7);
}

TEST(empty_bins_do_not_count_and_no_images_are_refused) {
    const std::vector<Prediction> predictions{{0, 0.95f, 0}};
    const std::vector<std::uint8_t> labels{0};
    const std::vector<ConfidenceBin> bins = confidence_bins(predictions, labels, 10);
    check_equal(bins[3].count, 0u);
    check_near(bins[3].accuracy, 0.0, 0);
    check_near(expected_calibration_error(bins), 0.05, 1e-7);
    check_throws([&] { confidence_bins(predictions, {}, 10); }, "1 predictions but 0 labels");
    check_throws([&] { confidence_bins(predictions, labels, 0); }, "0 bins");
    check_throws([] { expected_calibration_error({}); }, "no images");
}

TEST(a_confidence_that_is_nan_counts_as_none) {
    // Logits that overflowed leave NaN: it used to index a bin far outside of the list.
    const std::vector<Prediction> predictions{{0, std::nanf(""), std::nanf("")}, {1, 0.95f, 0.1f}};
    const std::vector<std::uint8_t> labels{0, 1};
    const std::vector<ConfidenceBin> bins = confidence_bins(predictions, labels, 10);
    check_equal(bins[0].count, 1u);
    check_near(bins[0].confidence, 0.0, 0);
    check_equal(bins[9].count, 1u);
    check_near(expected_calibration_error(bins), (1.0 + 0.05) / 2, 1e-6);
}

}  // namespace
}  // namespace digits
