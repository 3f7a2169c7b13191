// End-to-end test: does a network learn to classify digits that it was not trained on?
#include <numeric>
#include <vector>

#include "check.h"
#include "data/synthetic/synthesize.h"
#include "training/evaluation.h"
#include "training/trainer.h"

namespace digits {
namespace {

using testing::check;

TEST(a_network_trained_on_synthetic_digits_generalizes) {
    const Dataset training = synthesize(20000, 1), test = synthesize(2000, 2);
    Random random(1);
    NetworkSettings settings;
    settings.hidden = {128};
    Network network = build_network(784, 10, settings, random);
    TrainerSettings trainer;
    trainer.epochs = 5;
    train(network, training, nullptr, trainer, random);
    // It reaches 0.90, with a standard error of 0.007 on 2,000 images. The limit leaves room for
    // different rounding on other machines, but none for a bug in any part.
    check(evaluate(network, test).accuracy() > 0.87);
}

}  // namespace
}  // namespace digits
