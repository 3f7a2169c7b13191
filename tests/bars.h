// A toy classification task that a small network learns within milliseconds, for training tests.
#pragma once

#include "data/dataset.h"
#include "network/network.h"
#include "training/trainer.h"

namespace digits::testing {

// Images of 4 x 4 pixels: class c has ink in row c, with noise everywhere.
inline Dataset bars(std::size_t count, std::uint64_t seed) {
    Random random(seed);
    std::vector<std::uint8_t> pixels, labels;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t label = random.below(4);
        labels.push_back(static_cast<std::uint8_t>(label));
        for (std::size_t pixel = 0; pixel < 16; ++pixel) {
            const std::size_t noise = random.below(100);
            pixels.push_back(static_cast<std::uint8_t>(noise + (pixel / 4 == label ? 100 : 0)));
        }
    }
    return {"bars", 4, 4, 4, std::move(pixels), std::move(labels)};
}

inline Network small_network(std::uint64_t seed = 1, double dropout = 0.0) {
    Random random(seed);
    NetworkSettings settings;
    settings.hidden = {12};
    settings.dropout = dropout;
    return build_network(16, 4, settings, random);
}

inline TrainerSettings quick_settings() {
    TrainerSettings settings;
    settings.batch_size = 16;
    settings.epochs = 5;
    settings.loss = {};
    settings.optimizer.kind = OptimizerKind::adam;
    settings.schedule.learning_rate = 0.02;
    return settings;
}

}  // namespace digits::testing
