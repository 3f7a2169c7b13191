// `digits gradient-check`: compares the gradients of backward() with finite differences.
#include "network/gradient_check.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

#include "cli/commands/commands.h"
#include "cli/options/train_options.h"
#include "training/model.h"

namespace digits {
namespace {

const char* verdict_text(const GradientVerdict& verdict) {
    if (verdict.passed) return "ok";
    if (verdict.elements == 0) {
        return "not proved: every step crossed a kink of an activation function";
    }
    return verdict.all_zero ? "not proved: all gradients are zero" : "WRONG";
}

int run(std::span<const std::string> arguments) {
    DataSource data_options;
    NetworkSettings network_settings;
    Preprocessing preprocessing;
    GradientCheckSettings settings;
    settings.loss = TrainerSettings{}.loss;
    std::size_t images = 8;
    CommandLine line(
        "gradient-check", std::string(gradient_check_command.summary),
        "Moves single weights up and down a little and compares the change of the loss with the "
        "gradient that the backward pass computes. Exit code 1 unless every parameter passes.");
    line.section("data");
    add_data_option(line, data_options);
    line.add(setting_option({"images", "number of images in the batch", &images, {.low = 1}}));
    add_setting_options(line, settings_of(preprocessing));
    line.section("network");
    add_setting_options(line, settings_of(network_settings));
    line.section("check");
    line.add(setting_option({"step",
                             "how far a weight is moved up and down",
                             &settings.step,
                             {0.0, 1.0, Interval::open}}));
    line.add(setting_option({"tolerance",
                             "largest relative error that passes",
                             &settings.tolerance,
                             {0.0, 1.0, Interval::open}}));
    line.add(setting_option({"elements",
                             "elements of each parameter to check, drawn at random",
                             &settings.elements_per_parameter,
                             {.low = 1}}));
    line.add(setting_option({"label_smoothing",
                             "share of each target spread over all classes",
                             &settings.loss.label_smoothing,
                             {0.0, 1.0, Interval::right_open}}));
    line.add(seed_option("--seed", "seed of everything random", settings.seed));
    if (!line.parse(arguments)) {
        std::printf("%s", line.help().c_str());
        return 0;
    }
    check_data_options(data_options);

    const Dataset data =
        draws_digits(data_options)
            ? draw_digits(std::min(images, drawn_training_digits), 0, drawn_digits_seed).train
            : load_part(data_options, Part::training);
    Random random = random_stream(settings.seed, RandomStream::weights);
    Network network = build_network(data.inputs(), data.classes, network_settings, random);
    std::vector<std::size_t> indices(std::min(images, data.size()));
    std::iota(indices.begin(), indices.end(), std::size_t{0});
    Batch batch;
    gather(data, indices, batch);
    preprocess(preprocessing, data.rows, data.columns, batch.input);

    std::printf("%s on %zu images of %s\n\n", describe(network, preprocessing).c_str(),
                indices.size(), data.name.c_str());
    std::printf("parameter       compared  skipped  relative error  verdict\n");
    bool all_passed = true, any_skipped = false;
    for (const GradientVerdict& verdict :
         check_gradients(network, batch.input, batch.labels, settings)) {
        all_passed = all_passed && verdict.passed;
        any_skipped = any_skipped || verdict.skipped > 0;
        std::printf("%-14s  %8zu  %7zu  %14.1e  %s\n", verdict.parameter.c_str(), verdict.elements,
                    verdict.skipped, std::abs(verdict.relative_error), verdict_text(verdict));
    }
    if (any_skipped) {
        std::printf(
            "\nskipped: elements whose step moves some unit across the kink of an activation "
            "function\n");
    }
    return all_passed ? 0 : 1;
}

}  // namespace

const Command gradient_check_command{"gradient-check",
                                     "checks the backward pass against finite differences", run};

}  // namespace digits
