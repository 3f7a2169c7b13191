// One #include is the whole library: from an image file to what a network makes of it.
#include "check.h"
#include "digits.h"
#include "temporary_folder.h"

namespace digits {
namespace {

using testing::check;
using testing::check_equal;

TEST(a_drawn_digit_goes_through_an_image_file_into_a_network) {
    const testing::TemporaryFolder folder;
    const Dataset drawn = synthesize(3, 1);
    const std::size_t first[] = {0};
    write_png(folder / "digit.png", image_grid(drawn, first, 1));

    const GrayImage image = decode_image(read_file(folder / "digit.png"), "digit.png");
    const std::vector<std::uint8_t> ink = normalize_digit(image, 28, 28, "digit.png");
    // It was drawn as MNIST's digits are, so bringing it into that form changes nothing.
    check(ink == subset(drawn, first).pixels());

    Batch batch;
    gather(Dataset("mine", 28, 28, 10, ink, {drawn.labels[0]}), first, batch);
    Random random(1);
    const Network network = build_network(784, 10, {.hidden = {8}}, random);
    Activations activations;
    Matrix probabilities;
    softmax(network.forward(batch.input, activations), probabilities);
    const std::vector<std::size_t> order = ranking(probabilities.row(0));
    check_equal(order.size(), 10u);
    check_equal(order[0], predicted_class(probabilities.row(0)));
    check(std::string(version).find('.') != std::string::npos);
}

}  // namespace
}  // namespace digits
