// Is a new layer a full member? It is described, checked, trained and evaluated like the others.
#include <cstdio>

#include "data/synthetic/synthesize.h"
#include "network/gradient_check.h"
#include "training/trainer.h"

int main() {
    using namespace digits;
    int passed = 0, failed = 0;
    const auto check = [&](bool holds, const char* what) {
        ++(holds ? passed : failed);
        if (!holds) std::printf("FAILED  %s\n", what);
    };
    Random random(1);
    std::vector<Layer> layers{Dense(784, 32, {}, random), LeakyRelu{}, Dense(32, 10, {}, random)};
    Network network(784, layers);
    check(describe(network) == "784-32-10 leaky relu", "it is described");
    check(network.layer_labels()[1] == "leaky relu after layer1", "it has a label");

    const Dataset data = synthesize(3000, 1);
    const BatchSampler sampler(data.size(), 8);
    Batch batch;
    gather(data, sampler.batch(0), batch);
    bool all_right = true, any_skipped = false;
    // Steps so large that some cross the kink: these are left out, because the layer says so.
    for (const GradientVerdict& verdict :
         check_gradients(network, batch.input, batch.labels, {.step = 5e-2})) {
        all_right = all_right && verdict.passed;
        any_skipped = any_skipped || verdict.skipped > 0;
    }
    check(all_right, "the gradient check finds its backward() right");
    check(any_skipped, "the gradient check learns from it where its derivative jumps");

    TrainerSettings settings;
    settings.epochs = 10;
    train(network, data, nullptr, settings, random);
    check(evaluate(network, synthesize(1000, 2)).accuracy() > 0.8, "it learns to read digits");
    std::printf("%d passed, %d failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
