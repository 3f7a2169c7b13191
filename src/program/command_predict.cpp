// `digits predict`: shows pictures to a saved network and tells what it reads.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <numeric>

#include "data/dataset.h"
#include "data/digit_form.h"
#include "data/file.h"
#include "data/picture_file.h"
#include "network/loss.h"
#include "program/command_line.h"
#include "program/commands.h"
#include "program/format.h"
#include "program/picture.h"
#include "program/terminal.h"
#include "training/model_file.h"

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
        "MODEL is a file such as runs/latest/model.safetensors. Each FILE is a picture of one "
        "digit, as PNG or PGM, of any size, dark on light or light on dark; - is standard input. "
        "It is cropped, scaled and centred as the pictures of MNIST were, and shown as the network "
        "sees it, with the three likeliest classes.");
    line.operands("MODEL FILE...", options.words);
    line.add(switch_option("--raw", "take pictures as they are: white is ink, of the model's size",
                           options.raw));
    line.add(switch_option("--brief", "a line for each file: its name and the likeliest class",
                           options.brief));
    return line;
}

std::vector<std::uint8_t> read_input(const std::string& path) {
    if (path != "-") return read_file(path);
    return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
}

// The ink of the picture, as the network takes it.
std::vector<std::uint8_t> load_picture(const Model& model, const std::string& path, bool raw) {
    const std::string name = path == "-" ? "standard input" : path;
    GreyPicture picture = parse_picture(read_input(path), name);
    if (!raw) return digit_form(picture, model.rows, model.columns, name);
    if (picture.width != model.columns || picture.height != model.rows) {
        fail(name, ": is ", picture.width, " x ", picture.height,
             " pixels, but the model reads pictures of ", model.columns, " x ", model.rows,
             "; without --raw it is scaled to that");
    }
    return std::move(picture.pixels);
}

struct Answer {
    std::vector<std::uint8_t> seen{};  // the picture, straightened if the network does that
    Matrix probabilities{};
};

Answer read_picture(const Model& model, std::span<const std::uint8_t> ink) {
    // As in training: a data set of one picture, gathered into a batch of one.
    const Dataset data{
        "", model.rows, model.columns, model.network.outputs(), {ink.begin(), ink.end()}, {0}};
    Batch batch;
    gather(data, std::vector<std::size_t>{0}, batch);
    Activations activations;
    Answer answer{{ink.begin(), ink.end()}};
    softmax(model.network.forward(batch.input, activations), answer.probabilities);
    if (std::holds_alternative<Deskew>(model.network.layers().front())) {
        std::ranges::transform(
            activations.outputs[0].values(), answer.seen.begin(),
            [](float value) { return static_cast<std::uint8_t>(value * 255.0f + 0.5f); });
    }
    return answer;
}

// The classes, the likeliest first; of equals, the first.
std::vector<std::size_t> ranking(std::span<const float> probabilities) {
    std::vector<std::size_t> order(probabilities.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(
        order, [&](std::size_t a, std::size_t b) { return probabilities[a] > probabilities[b]; });
    return order;
}

void print_reading(const Model& model, const std::string& path, std::span<const std::uint8_t> ink,
                   bool brief) {
    const auto [seen, probabilities] = read_picture(model, ink);
    const std::vector<std::size_t> order = ranking(probabilities.row(0));
    if (brief) {
        std::printf("%s: %s\n", path.c_str(), model.class_names[order[0]].c_str());
        return;
    }
    const CaptionedPicture picture{model.rows, model.columns, seen, path};
    std::printf("%s\n", draw_pictures(std::span(&picture, 1), picture_style(is_terminal()),
                                      terminal_width())
                            .c_str());
    constexpr std::size_t shown = 3;
    for (std::size_t i = 0; i < std::min(shown, order.size()); ++i) {
        std::printf("%s  %s\n", padded(model.class_names[order[i]], 4).c_str(),
                    padded(percent(static_cast<double>(probabilities(0, order[i]))), 8).c_str());
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
        throw UsageError("predict needs the file of a model and pictures to read");
    }
    const Model model = read_model(options.words[0]);
    for (const std::string& path : std::span(options.words).subspan(1)) {
        print_reading(model, path, load_picture(model, path, options.raw), options.brief);
    }
    return 0;
}

}  // namespace

const Command predict_command{"predict", "reads pictures of digits with a saved network", run};

}  // namespace digits
