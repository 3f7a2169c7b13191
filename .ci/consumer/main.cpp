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
}
