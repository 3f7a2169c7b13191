// `digits evaluate`: measures a saved network, or an ensemble of several, on the test images.
#include <algorithm>
#include <cstdio>

#include "cli/commands/commands.h"
#include "cli/options/train_options.h"
#include "cli/run/transposition_hint.h"
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
    CommandLine line(
        "evaluate", std::string(evaluate_command.summary),
        "MODEL is a file such as runs/latest/model.safetensors, or -, which is standard input. "
        "Several models are "
        "evaluated as an ensemble: their probabilities are averaged. If a model was "
        "trained with --transpose, the files of --data are transposed here, too; those "
        "of --test-data are not.");
    line.operands("MODEL...", options.models);
    line.section("data");
    add_data_option(line, options.data);
    add_test_options(line, options.data);
    line.add(seed_option("--seed", "seed of --split: the one used for training", options.seed));
    line.section("output");
    line.add(setting_option({"logits",
                             "print the logits of all classes, one line per image, instead of a "
                             "report: to compare with other programs",
                             &options.logits}));
    return line;
}

std::vector<Model> read_models(std::span<const std::string> paths) {
    if (paths.empty())
        throw UsageError(
            "evaluate: expected the file of a model, such as runs/latest/model.safetensors, found "
            "none");
    std::vector<Model> models;
    for (const std::string& path : paths) {
        models.push_back(read_model(path));
        const Model &first = models.front(), &last = models.back();
        if (last.rows == first.rows && last.columns == first.columns &&
            last.class_names == first.class_names) {
            continue;
        }
        fail(path, ": expected a model for images of ", first.rows, " x ", first.columns,
             " pixels in ", first.class_names.size(), " classes, like ", paths[0], ", found ",
             last.rows, " x ", last.columns, " in ", last.class_names.size(),
             last.class_names.size() == first.class_names.size() &&
                     last.class_names != first.class_names
                 ? ", with different names"
                 : "",
             "; the models of an ensemble must agree on images and classes");
    }
    return models;
}

void require_fits(const Model& model, const std::string& path, const Dataset& data) {
    const std::size_t classes = model.class_names.size();
    if (data.rows == model.rows && data.columns == model.columns && data.classes <= classes) return;
    fail(path, ": expected images of ", model.rows, " x ", model.columns, " pixels in ", classes,
         " classes, found ", data.rows, " x ", data.columns, " in ", data.classes, " in ",
         data.name, "; name the data that the model was trained on with --data");
}

// With the transposition that the models were trained with. Reads only the test files, unless the
// images are split.
Dataset load_test_images(const EvaluateOptions& options, std::span<const Model> models) {
    DataSource source = options.data;
    const bool names_files = !source.folder.empty() && !draws_digits(source);
    if (names_files && std::ranges::any_of(models, &Model::transposed_files)) {
        source.transpose = true;
    }
    if (source.split == 0.0) return load_part(source, Part::test);
    Random random = random_stream(options.seed, RandomStream::split);
    return load_images(source, random).test;
}

// Nine significant digits distinguish any two floats.
void print_logits(const Model& model, const Dataset& data) {
    const BatchSampler order(data.size(), 1000);
    Batch batch;
    Activations activations;
    for (std::size_t b = 0; b < order.batches(); ++b) {
        gather(data, order.batch(b), batch);
        preprocess(model.preprocessing, data.rows, data.columns, batch.input);
        const Matrix& logits = model.network.forward(batch.input, activations);
        for (std::size_t i = 0; i < logits.size(); ++i) {
            std::printf("%s%c", csv_number(static_cast<double>(logits.values()[i])).c_str(),
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
        throw UsageError("--seed needs --split: nothing else in an evaluation is random");
    }
    if (options.logits && options.models.size() > 1) {
        throw UsageError(
            "--logits takes one model: an ensemble averages probabilities, not logits");
    }
    check_data_options(options.data);
    const std::vector<Model> models = read_models(options.models);
    const Dataset data = load_test_images(options, models);
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
    const std::string subject =
        models.size() == 1 ? str_cat(shown_name(options.models[0]), " (",
                                     describe(models[0].network, models[0].preprocessing), ")")
                           : str_cat("An ensemble of ", models.size());
    const std::string images =
        str_cat("on the ", with_commas(data.size()), " test images of ", shown_name(data.name));
    constexpr std::size_t line_width = 80;
    const bool fits = character_count(subject) + character_count(images) + 2 <= line_width;
    std::printf("%s%s%s:\n\n%s", subject.c_str(), fits ? " " : "\n", images.c_str(),
                in_output_encoding(scores_text(evaluation, width, names)).c_str());
    const std::string mistakes = mistakes_text(evaluation, data, output_style(), width, names);
    if (!mistakes.empty()) std::printf("\nThe worst mistakes:\n\n%s", mistakes.c_str());
    std::printf("%s", transposition_hint(ensemble, data, evaluation.accuracy()).c_str());
    return 0;
}

}  // namespace

const Command evaluate_command{"evaluate", "tests a saved network or an ensemble", run};

}  // namespace digits
