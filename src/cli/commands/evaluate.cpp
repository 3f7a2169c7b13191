// `digits evaluate`: how well does a saved network read, alone or in an ensemble?
#include <algorithm>
#include <cstdio>

#include "cli/commands/commands.h"
#include "cli/options/train_options.h"
#include "cli/terminal.h"
#include "report/summary.h"
#include "training/ensemble.h"
#include "training/model_file.h"
#include "util/text.h"

namespace digits {
namespace {

struct EvaluateOptions {
    std::vector<std::string> models{};
    DataSource data{};
    std::uint64_t seed = 1;
    bool logits = false;
};

CommandLine command_line(EvaluateOptions& options) {
    CommandLine line("evaluate", std::string(evaluate_command.summary),
                     "MODEL is a file such as runs/latest/model.safetensors. Of several, the mean "
                     "of their probabilities is what counts: an ensemble.");
    line.operands("MODEL...", options.models);
    line.section("data");
    add_data_option(line, options.data);
    add_test_options(line, options.data);
    line.add(seed_option("--seed", "of --split, as it was in training", options.seed));
    line.section("output");
    line.add(setting_option({"logits",
                             "instead of a report, a line for each image: the logits of all "
                             "classes, to compare with other programs",
                             &options.logits}));
    return line;
}

std::vector<Model> read_models(std::span<const std::string> paths) {
    if (paths.empty()) throw UsageError("evaluate needs the file of a model");
    std::vector<Model> models;
    for (const std::string& path : paths) {
        models.push_back(read_model(path));
        const Model &first = models.front(), &last = models.back();
        if (last.rows == first.rows && last.columns == first.columns &&
            last.class_names == first.class_names) {
            continue;
        }
        fail(path, ": reads images of ", last.rows, " x ", last.columns, " pixels in ",
             last.class_names.size(), " classes, but ", paths[0], " of ", first.rows, " x ",
             first.columns, " in ", first.class_names.size(),
             last.class_names.size() == first.class_names.size() ? ", or calls them otherwise" : "",
             "; an ensemble must agree on that");
    }
    return models;
}

void require_fits(const Model& model, const std::string& path, const Dataset& data) {
    const std::size_t classes = model.class_names.size();
    if (data.rows == model.rows && data.columns == model.columns && data.classes <= classes) return;
    fail(path, ": reads images of ", model.rows, " x ", model.columns, " pixels in ", classes,
         " classes, but those of ", data.name, " are ", data.rows, " x ", data.columns, " in ",
         data.classes, "; name other data with --data");
}

// Nine digits tell any two floats apart.
void print_logits(const Model& model, const Dataset& data) {
    const BatchSampler order(data.size(), 1000);
    Batch batch;
    Activations activations;
    for (std::size_t b = 0; b < order.batches(); ++b) {
        gather(data, order.batch(b), batch);
        preprocess(model.preprocessing, data.rows, data.columns, batch.input);
        const Matrix& logits = model.network.forward(batch.input, activations);
        for (std::size_t i = 0; i < logits.size(); ++i) {
            std::printf("%.9g%c", static_cast<double>(logits.values()[i]),
                        (i + 1) % logits.columns() == 0 ? '\n' : ' ');
        }
    }
}

int run(std::span<const std::string> arguments) {
    EvaluateOptions options;
    CommandLine line = command_line(options);
    if (!line.parse(arguments)) {
        std::printf("%s", line.help().c_str());
        return 0;
    }
    if (line.given("--seed") && options.data.split == 0.0) {
        throw UsageError("--seed needs --split: nothing else here is left to chance");
    }
    if (options.logits && options.models.size() > 1) {
        throw UsageError("--logits takes one model: an ensemble has probabilities only");
    }
    check_test_options(options.data);
    const std::vector<Model> models = read_models(options.models);
    Random split_random = random_stream(options.seed, RandomStream::split);
    const Dataset data = load_data(options.data, split_random).test;
    require_fits(models[0], options.models[0], data);

    if (options.logits) {
        print_logits(models[0], data);
        return 0;
    }
    std::vector<const Model*> ensemble;
    for (const Model& model : models) ensemble.push_back(&model);
    const Evaluation evaluation = evaluate(ensemble, data);
    const std::size_t width = terminal_width();
    const std::vector<std::string>& names = models[0].class_names;
    const std::string who = models.size() == 1
                                ? str_cat(options.models[0], " (",
                                          describe(models[0].network, models[0].preprocessing), ")")
                                : str_cat("An ensemble of ", models.size());
    std::printf("%s on the %s test images of %s:\n\n%s", who.c_str(),
                with_commas(data.size()).c_str(), data.name.c_str(),
                scores_text(evaluation, width, names).c_str());
    const std::string mistakes =
        mistakes_text(evaluation, data, image_style(is_terminal()), width, names);
    if (!mistakes.empty()) std::printf("\nThe worst mistakes:\n\n%s", mistakes.c_str());
    return 0;
}

}  // namespace

const Command evaluate_command{"evaluate", "tells how well a saved network reads", run};

}  // namespace digits
