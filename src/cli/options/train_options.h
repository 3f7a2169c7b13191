// All that `digits train` can be told.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "cli/options/command_line.h"
#include "cli/options/data_options.h"
#include "formats/json.h"
#include "network/network.h"
#include "training/trainer.h"

namespace digits {

struct TrainOptions {
    DataSource data{};
    double validation = 0.1;  // share of the training images held out, to choose the best epoch
    NetworkSettings network{};
    TrainerSettings trainer{};
    std::string preset{};  // its name, when one was chosen
    std::uint64_t seed = 1;
    std::size_t threads = 0;  // 0: one for each core
    std::filesystem::path out = "runs/latest";
    bool open = false;  // show the report when all is done
    bool quiet = false;
    std::size_t checkpoint_every = 0;  // epochs; 0: only when interrupted
    std::filesystem::path resume{};    // folder of a training to go on with, if not empty
};

// An option for each setting that has a help text.
void add_setting_options(CommandLine& line, std::span<const Setting> settings);

// The settings that decide about the result, but for the seed and the data, as JSON: they stand in
// metrics.json, in the model file and in checkpoints.
Json settings_json(const TrainOptions& options);

inline constexpr std::string_view train_summary = "trains a network and reports how well it reads";

// The command line of `digits train`, which stores into `options`.
CommandLine train_command_line(TrainOptions& options);

// Parses into `options` and settles what depends on several of them. Returns false when help was
// asked for. Throws UsageError, also when options contradict each other.
bool parse_train_options(CommandLine& line, std::span<const std::string> arguments,
                         TrainOptions& options);

// What suits the optimizer when no --learning-rate is given.
double default_learning_rate(OptimizerKind kind);

// The random streams of --seed: each use of randomness is independent of the others.
enum class RandomStream : std::uint64_t { split, validation, weights, training, augment };
inline Random random_stream(std::uint64_t seed, RandomStream use) {
    return Random(seed, static_cast<std::uint64_t>(use));
}

}  // namespace digits
