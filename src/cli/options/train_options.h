// The options of `digits train` and their command line.
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

// The folder in which `digits train` leaves its results, and the MODEL of other commands when none
// is named.
inline constexpr const char* latest_run = "runs/latest";

struct TrainOptions {
    DataSource data{};
    double validation = 0.1;  // share of the training images held out, to choose the best epoch
    NetworkSettings network{};
    TrainerSettings trainer{};
    std::string preset{};  // its name, if one was given
    std::uint64_t seed = 1;
    std::size_t threads = 0;  // 0: one per usable core
    std::filesystem::path out = latest_run;
    bool open = false;  // open the report at the end
    bool quiet = false;
    std::size_t checkpoint_every = 0;  // epochs; 0: only when interrupted
    std::filesystem::path resume{};    // folder of the training to resume; empty: none
    bool finish = false;               // do not train on, but end the resumed training
    bool overwrite = false;            // discard an unfinished training in `out`
};

// Adds an option for each setting that has a help text.
void add_setting_options(CommandLine& line, std::span<const Setting> settings);

// The settings that determine the result, except the seed and the data, as JSON. They are written
// to metrics.json, to the model file and to checkpoints.
Json settings_json(const TrainOptions& options);

inline constexpr std::string_view train_summary = "trains a network and reports its accuracy";

// The command line of `digits train`; its parse() writes to `options`.
CommandLine train_command_line(TrainOptions& options);

// Parses the arguments into `options`, then sets defaults that depend on other options. Returns
// false when help was requested. Throws UsageError, also when options contradict each other.
bool parse_train_options(CommandLine& line, std::span<const std::string> arguments,
                         TrainOptions& options);

// The learning rate for this optimizer when --learning-rate is not given.
double default_learning_rate(OptimizerKind kind);

// The random streams of --seed: each use of randomness is independent of the others.
enum class RandomStream : std::uint64_t { split, validation, weights, training, augment };
inline Random random_stream(std::uint64_t seed, RandomStream use) {
    return Random(seed, static_cast<std::uint64_t>(use));
}

}  // namespace digits
