// `digits predict`: shows images to a saved network and tells what it reads.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <iterator>

#include "cli/commands/commands.h"
#include "cli/options/command_line.h"
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
        "digit, as PNG or PGM, of any size, dark on light or light on dark; - is standard input. "
        "It is cropped, scaled and centred as the images of MNIST were, and shown as the network "
        "sees it, with the three likeliest classes.");
    line.operands("MODEL FILE...", options.words);
    line.add(setting_option(
        {"raw", "take images as they are: white is ink, of the model's size", &options.raw}));
    line.add(setting_option(
        {"brief", "a line for each file: its name and the likeliest class", &options.brief}));
    return line;
}

std::vector<std::uint8_t> read_input(const std::string& path) {
    if (path != "-") return read_file(path);
    return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
}

// The ink of the image, as the network takes it.
std::vector<std::uint8_t> load_image(const Model& model, const std::string& path, bool raw) {
    const std::string name = path == "-" ? "standard input" : path;
    GrayImage image = decode_image(read_input(path), name);
    if (!raw) return normalize_digit(image, model.rows, model.columns, name);
    if (image.width != model.columns || image.height != model.rows) {
        fail(name, ": is ", image.width, " x ", image.height,
             " pixels, but the model reads images of ", model.columns, " x ", model.rows,
             "; without --raw it is scaled to that");
    }
    return std::move(image.pixels);
}

struct Answer {
    std::vector<std::uint8_t> seen{};  // the image after preprocessing
    Matrix probabilities{};
};

Answer read_image(const Model& model, std::span<const std::uint8_t> ink) {
    // As in training: a data set of one image, gathered into a batch of one.
    const Dataset data{
        "", model.rows, model.columns, model.network.outputs(), {ink.begin(), ink.end()}, {0}};
    Batch batch;
    gather(data, std::vector<std::size_t>{0}, batch);
    preprocess(model.preprocessing, model.rows, model.columns, batch.input);
    Answer answer;
    for (const float value : batch.input.values()) {
        answer.seen.push_back(static_cast<std::uint8_t>(value * 255.0f + 0.5f));
    }
    Activations activations;
    softmax(model.network.forward(batch.input, activations), answer.probabilities);
    return answer;
}

void print_prediction(const Model& model, const std::string& path,
                      std::span<const std::uint8_t> ink, bool brief) {
    const auto [seen, probabilities] = read_image(model, ink);
    const std::vector<std::size_t> order = ranking(probabilities.row(0));
    if (brief) {
        std::printf("%s: %s\n", path.c_str(), model.class_names[order[0]].c_str());
        return;
    }
    const CaptionedImage image{model.rows, model.columns, seen, path};
    std::printf(
        "%s\n",
        draw_images(std::span(&image, 1), image_style(is_terminal()), terminal_width()).c_str());
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
        throw UsageError("predict needs the file of a model and images to read");
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
