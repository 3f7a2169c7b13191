// A user of the library: everything comes from one header. Trains a network, draws a digit as an
// image file would hold it, and reads that back.
#include <cstdio>

#include "digits.h"

int main() {
    const digits::Dataset training = digits::synthesize(20000, 1);
    const digits::Dataset test = digits::synthesize(1000, 2);
    digits::Random random(42);
    digits::Network network = digits::build_network(784, 10, {.hidden = {128}}, random);
    digits::train(network, training, nullptr, {.epochs = 5}, random);
    const digits::Evaluation evaluation = digits::evaluate(network, test);
    std::printf("%s", digits::classification_report(evaluation.confusion).c_str());

    const std::size_t first[] = {0};
    digits::write_png("digit.png", digits::image_grid(test, first, 1));
    const digits::GrayImage image =
        digits::decode_image(digits::read_file("digit.png"), "digit.png");
    const std::vector<std::uint8_t> ink = digits::normalize_digit(image, 28, 28, "digit.png");
    digits::Batch batch;
    digits::gather(digits::Dataset("mine", 28, 28, 10, ink, {0}), first, batch);
    digits::Activations activations;
    const digits::Matrix& logits = network.forward(batch.input, activations);
    std::printf("a %d, read as %zu; digits %s\n", int{test.labels[0]},
                digits::predicted_class(logits.row(0)), digits::version);
}
