// `digits predict`: classifies image files with a saved network.
#include <algorithm>
#include <cstdio>

#include "cli/commands/commands.h"
#include "cli/options/command_line.h"
#include "cli/shell_command.h"
#include "cli/terminal.h"
#include "data/dataset.h"
#include "data/normalize_digit.h"
#include "formats/image.h"
#include "network/loss.h"
#include "plot/terminal_image.h"
#include "training/evaluation.h"
#include "training/model_file.h"
#include "util/file.h"
#include "util/text.h"

namespace digits {
namespace {

struct PredictOptions {
    std::vector<std::string> words{};  // MODEL FILE...
    bool raw = false;
    bool brief = false;
};

CommandLine command_line(PredictOptions& options) {
    CommandLine line(
        "predict", std::string(predict_command.summary),
        "MODEL is a file such as runs/latest/model.safetensors. Each FILE is an image of one "
        "digit, as PNG, PBM, PGM, PPM or PAM, of any size, dark on light or light on dark. One "
        "of the files may be -, which is standard input. "
        "The digit is cropped, scaled and centred like the images of MNIST, and shown as the "
        "network sees it, with the three most probable classes.");
    line.operands("MODEL FILE...", options.words);
    line.add(
        setting_option({"raw", "use images unchanged: white is ink, the size is that of the model",
                        &options.raw}));
    line.add(setting_option(
        {"brief", "one line per file: its name and the most probable class", &options.brief}));
    return line;
}

// The pixels of the image as the network expects them: 0 is paper, 255 is ink.
std::vector<std::uint8_t> load_image(const Model& model, const std::string& path, bool raw) {
    const std::string name = input_name(path);
    // Where images are used unchanged, white is ink: then transparent pixels have none.
    GrayImage image =
        decode_image(read_input(path, max_image_bytes), name, raw ? Paper::black : Paper::white);
    if (!raw) {
        const std::size_t pieces = digits_side_by_side(image, name);
        if (pieces > 1) {
            std::fprintf(stderr,
                         "digits: %s: %zu pieces of ink of like height stand side by side, and are "
                         "read as one digit; if they are several, crop them one by one\n",
                         name.c_str(), pieces);
        }
        return normalize_digit(image, model.rows, model.columns, name);
    }
    if (image.width != model.columns || image.height != model.rows) {
        fail(name, ": expected ", model.columns, " x ", model.rows,
             " pixels, the image size of the model, found ", image.width, " x ", image.height,
             "; without --raw the image is scaled");
    }
    return std::move(image.pixels);
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
    softmax(model.network.forward(batch.input, activations), result.probabilities);
    return result;
}

void print_prediction(const Model& model, const std::string& path,
                      std::span<const std::uint8_t> ink, bool brief) {
    const auto [preprocessed, probabilities] = classify(model, ink);
    const std::vector<std::size_t> order = ranking(probabilities.row(0));
    if (brief) {
        std::printf("%s: %s\n", shown_name(path).c_str(), model.class_names[order[0]].c_str());
        return;
    }
    const CaptionedImage image{model.rows, model.columns, preprocessed, shown_name(path)};
    std::printf("%s\n",
                draw_images(std::span(&image, 1), output_style(), terminal_width()).c_str());
    constexpr std::size_t shown = 3;
    for (std::size_t i = 0; i < std::min(shown, order.size()); ++i) {
        std::printf("%s  %s\n", pad_left(model.class_names[order[i]], 4).c_str(),
                    pad_left(percent(static_cast<double>(probabilities(0, order[i]))), 8).c_str());
    }
    std::printf("\n");
}

int run(std::span<const std::string> arguments) {
    PredictOptions options;
    CommandLine line = command_line(options);
    if (!line.parse(arguments)) {
        std::printf("%s", line.help().c_str());
        return 0;
    }
    if (options.words.size() < 2) {
        throw UsageError(str_cat("predict: expected the file of a model and at least one image; ",
                                 shell_command({"help", "predict"}), " says more"));
    }
    const Model model = read_model(options.words[0]);
    for (const std::string& path : std::span(options.words).subspan(1)) {
        print_prediction(model, path, load_image(model, path, options.raw), options.brief);
    }
    return 0;
}

}  // namespace

const Command predict_command{"predict", "reads images of digits with a saved network", run};

}  // namespace digits
