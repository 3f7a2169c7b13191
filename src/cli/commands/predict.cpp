// `digits predict`: classifies image files with a saved network.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <system_error>

#include "cli/commands/commands.h"
#include "cli/commands/model_argument.h"
#include "cli/options/command_line.h"
#include "cli/shell_command.h"
#include "cli/terminal.h"
#include "data/dataset.h"
#include "data/normalize_digit.h"
#include "formats/image.h"
#include "network/loss.h"
#include "plot/terminal_image.h"
#include "training/evaluation.h"
#include "util/file.h"
#include "util/text.h"

namespace digits {
namespace {

struct PredictOptions {
    std::vector<std::string> words{};  // MODEL FILE...
    bool raw = false;
    bool brief = false;
    std::optional<InputScaling> scaling{};
};

CommandLine command_line(PredictOptions& options) {
    CommandLine line(
        "predict", std::string(predict_command.summary),
        str_cat(model_help,
                "Each FILE is an image of one digit, as PNG, PBM, PGM, PPM or PAM, of any size, "
                "dark on light or light on dark; - is standard input. It is formed like the images "
                "that the network "
                "was trained on: those of MNIST, for example, are cropped, scaled into 20 x 20 "
                "pixels and centred; if place and size differ in the training data, an image is "
                "scaled as a whole. It is shown as the network sees it, with the three most "
                "probable classes. If an image cannot be read, the others are, and the exit code "
                "is 1."));
    line.operands("[MODEL] FILE...", options.words);
    line.add(setting_option(
        {"raw",
         "use images unchanged: white is ink, the size is that of the model, as show --png "
         "writes them",
         &options.raw}));
    line.add(setting_option(
        {"brief", "one line per file: its name and the most probable class", &options.brief}));
    line.add(input_scaling_option(options.scaling));
    return line;
}

// The pixels of the image as the network expects them: 0 is paper, 255 is ink.
std::vector<std::uint8_t> form_image(const Model& model, GrayImage image, const std::string& name,
                                     bool raw) {
    const bool has_size = image.width == model.columns && image.height == model.rows;
    if (raw && !has_size) {
        fail(name, ": expected ", model.columns, " x ", model.rows,
             " pixels, the image size of the model, found ", image.width, " x ", image.height,
             "; without --raw the image is scaled");
    }
    if (raw) return std::move(image.pixels);
    using Kind = ImageLayout::Kind;
    const Kind kind = model.layout.kind;
    // An image that already has the size probably comes from the data of an unknown kind.
    if (kind == Kind::whole || (kind == Kind::unknown && has_size)) {
        return scale_whole_image(image, model.rows, model.columns, name);
    }
    const ImageLayout layout =
        kind == Kind::unknown ? mnist_layout(model.rows, model.columns) : model.layout;
    std::size_t pieces = 0;
    std::vector<std::uint8_t> ink =
        normalize_digit(image, model.rows, model.columns, layout, name, &pieces);
    if (pieces > 1) {
        print_note(str_cat(name, ": ", pieces,
                           " pieces of ink of like height stand side by side, and are read as one "
                           "digit; if they are several, crop them one by one"));
    }
    return ink;
}

struct ClassifiedImage {
    std::vector<std::uint8_t> preprocessed{};  // the image as the network sees it
    Matrix probabilities{};                    // (1, C)
};

ClassifiedImage classify(const Model& model, std::span<const std::uint8_t> ink) {
    // As in training: a data set of one image becomes a batch of size one.
    const Dataset data{
        "", model.rows, model.columns, model.network.outputs(), {ink.begin(), ink.end()}, {0}};
    Batch batch;
    gather(data, std::vector<std::size_t>{0}, batch);
    preprocess(model.preprocessing, model.rows, model.columns, batch.input);
    ClassifiedImage result;
    for (const float value : batch.input.values()) {
        result.preprocessed.push_back(static_cast<std::uint8_t>(value * 255.0f + 0.5f));
    }
    Activations activations;
    const Matrix& logits = model.network.forward(batch.input, activations);
    require_finite_logits(logits, "the network");
    softmax(logits, result.probabilities);
    return result;
}

void print_prediction(const Model& model, const std::string& path,
                      std::span<const std::uint8_t> ink, bool brief) {
    const std::string name = printable_line(path);
    const auto [preprocessed, probabilities] = classify(model, ink);
    const std::vector<std::size_t> order = ranking(probabilities.row(0));
    if (brief) {
        std::printf("%s: %s\n", name.c_str(), model.class_names[order[0]].c_str());
        return;
    }
    const CaptionedImage image{model.rows, model.columns, preprocessed, name};
    std::printf("%s\n",
                draw_images(std::span(&image, 1), output_style(), terminal_width()).c_str());
    constexpr std::size_t shown = 3;
    for (std::size_t i = 0; i < std::min(shown, order.size()); ++i) {
        std::printf("%s  %s\n", pad_left(model.class_names[order[i]], 4).c_str(),
                    pad_left(percent(static_cast<double>(probabilities(0, order[i]))), 8).c_str());
    }
    std::printf("\n");
}

// What the operands say: a model, and images.
struct Operands {
    std::string model = latest_run;
    std::vector<std::string> images{};
    // The content of the first image if it had to be read to see that it is no model: a pipe can be
    // read only once.
    std::optional<std::vector<std::uint8_t>> first_image{};
};

Operands read_operands(const std::vector<std::string>& words) {
    Operands operands;
    std::error_code error;
    const std::string first = words.empty() ? "" : words[0];
    // Standard input and pipes can be read only once: alone they are an image, else the model.
    const bool is_file = std::filesystem::is_regular_file(first, error);
    const bool is_folder = std::filesystem::is_directory(first, error);
    if (is_file || (words.size() == 1 && !is_folder)) {
        std::vector<std::uint8_t> bytes = read_input(first, max_image_bytes);
        if (!is_file || looks_like_image(bytes)) operands.first_image = std::move(bytes);
    }
    operands.images = words;
    if (!operands.first_image) {
        if (words.size() < 2) {
            throw UsageError(
                str_cat("predict: expected at least one image, and before it a model unless it is ",
                        latest_run, "; ", shell_command({"help", "predict"}), " says more"));
        }
        operands.model = first;
        operands.images.erase(operands.images.begin());
        return operands;
    }
    for (const std::string& other : std::span(words).subspan(1)) {
        if (!looks_like_model(other)) continue;
        throw UsageError(str_cat("predict: ", first, " is an image, and ", other,
                                 " is not; the model comes first: digits predict MODEL FILE..."));
    }
    if (!std::filesystem::exists(latest_run, error)) {
        throw UsageError(str_cat("predict: ", input_name(first),
                                 " is an image; expected a model before it, because there is no ",
                                 latest_run,
                                 ", where digits train leaves one: digits predict MODEL "
                                 "FILE..."));
    }
    return operands;
}

int run(std::span<const std::string> arguments) {
    PredictOptions options;
    CommandLine line = command_line(options);
    if (!line.parse(arguments)) {
        std::printf("%s", line.help().c_str());
        return 0;
    }
    Operands operands = read_operands(options.words);
    const Model model =
        std::move(read_model_arguments(std::span(&operands.model, 1), options.scaling).front());
    if (model.layout.kind == ImageLayout::Kind::unknown && !options.raw) {
        print_note(str_cat(operands.model,
                           ": does not say how the images that it was trained on were formed "
                           "(metadata image_layout); images of ",
                           model.columns, " x ", model.rows,
                           " pixels are taken as they are, others formed like those of MNIST"));
    }
    // Where images are used unchanged, white is ink: then transparent pixels have none.
    const Paper paper = options.raw ? Paper::black : Paper::white;
    int exit_code = 0;
    for (std::size_t i = 0; i < operands.images.size(); ++i) {
        const std::string& path = operands.images[i];
        try {
            const std::vector<std::uint8_t> bytes = i == 0 && operands.first_image
                                                        ? std::move(*operands.first_image)
                                                        : read_input(path, max_image_bytes);
            const std::vector<std::uint8_t> ink = form_image(
                model, decode_image(bytes, input_name(path), paper), input_name(path), options.raw);
            print_prediction(model, path, ink, options.brief);
        } catch (const std::runtime_error& error) {
            // As with other programs that take many files, one bad file does not hide the others.
            std::fflush(stdout);
            std::fprintf(stderr, "digits: error: %s\n", printable(error.what()).c_str());
            exit_code = 1;
        }
    }
    return exit_code;
}

}  // namespace

const Command predict_command{"predict", "reads images of digits with a saved network", run};

}  // namespace digits
