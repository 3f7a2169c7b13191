// `digits show`: displays images of a data set in the terminal or writes them to a PNG file.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

#include "cli/commands/commands.h"
#include "cli/options/data_options.h"
#include "cli/options/train_options.h"
#include "cli/terminal.h"
#include "formats/png_writer.h"
#include "plot/plot.h"
#include "plot/terminal_image.h"

namespace digits {
namespace {

struct ShowOptions {
    DataSource data{};
    bool test = false;
    std::size_t index = 0;
    bool grid = false;
    std::size_t count = 40;
    AugmentSettings augment{};
    std::filesystem::path png{};
};

CommandLine command_line(ShowOptions& options) {
    CommandLine line(
        "show", std::string(show_command.summary),
        "Shows one image, or with --grid the first ones of the data set. With --augment "
        "it shows one image as training would distort it; with --grid, many "
        "distortions of it. Only the files with the images shown need to be there.");
    add_data_option(line, options.data);
    line.add(
        setting_option({"test", "show test images instead of training images", &options.test}));
    line.add(setting_option({"index", "index of the image, counted from 0", &options.index}));
    line.add(setting_option({"grid", "show the first images in a grid", &options.grid}));
    line.add(setting_option({"count", "number of images with --grid", &options.count, {.low = 1}}));
    add_setting_options(line, settings_of(options.augment));
    Option png = path_option("--png", "FILE",
                             "write to a PNG file, pixel by pixel: one image unchanged, white is "
                             "ink; a grid as dark ink on white; - is standard output",
                             options.png);
    png.default_text = "draw them in the terminal";
    line.add(std::move(png));
    return line;
}

// Draws only as many digits as are shown: each depends only on its own index.
Dataset load(const ShowOptions& options) {
    if (draws_digits(options.data) && !options.test) {
        const bool shows_first_ones = options.grid && options.augment.kind == Augmentation::none;
        const std::size_t last = shows_first_ones ? options.count - 1 : options.index;
        const std::size_t wanted = std::min(last, drawn_training_digits - 1) + 1;
        return draw_digits(wanted, 0, drawn_digits_seed).train;
    }
    return load_part(options.data, options.test ? Part::test : Part::training);
}

// One image as training would distort it in epochs 1 to `count`.
Dataset distortions(const Dataset& data, std::size_t index, std::size_t count,
                    const AugmentSettings& settings) {
    const Augmenter augmenter(data.rows, data.columns, settings);
    std::vector<std::uint8_t> pixels;
    Batch batch;
    for (std::size_t epoch = 1; epoch <= count; ++epoch) {
        gather(data, {&index, 1}, batch);
        augmenter.distort({&index, 1}, epoch, batch.input);
        for (const float ink : batch.input.values()) {
            pixels.push_back(static_cast<std::uint8_t>(std::lround(255.0f * ink)));
        }
    }
    Dataset distorted(data.name, data.rows, data.columns, data.classes, std::move(pixels),
                      std::vector(count, data.labels[index]));
    distorted.class_names = data.class_names;
    return distorted;
}

int run(std::span<const std::string> arguments) {
    ShowOptions options;
    CommandLine line = command_line(options);
    if (!line.parse(arguments)) {
        std::printf("%s", line.help().c_str());
        return 0;
    }
    const bool augments = options.augment.kind != Augmentation::none;
    if (line.given("--augment-strength") && !augments) {
        throw UsageError("--augment-strength needs --augment: without it nothing is distorted");
    }
    if (line.given("--index") && options.grid && !augments) {
        throw UsageError("--index and --grid cannot be combined: show one image or the first ones");
    }
    if (line.given("--count") && !options.grid) {
        throw UsageError("--count needs --grid: without it, one image is shown");
    }
    check_data_options(options.data);
    if (augments && !line.given("--count")) options.count = 16;
    Dataset data = load(options);
    if ((!options.grid || augments) && options.index >= data.size()) {
        throw UsageError(str_cat("--index takes a number from 0 to ", data.size() - 1, " here (",
                                 data.name, "), not ", options.index));
    }
    std::size_t first = options.grid ? 0 : options.index;
    if (augments) {
        data = distortions(data, options.index, options.grid ? options.count : 1, options.augment);
        first = 0;
    }
    std::vector<std::size_t> indices(options.grid ? std::min(options.count, data.size()) : 1);
    std::iota(indices.begin(), indices.end(), first);

    if (!options.png.empty()) {
        const std::size_t per_row = augments ? 8 : 20;
        // One image is written as it is, which is what predict --raw reads.
        const auto only = data.image(options.index);
        const GrayImage image =
            options.grid || augments
                ? image_grid(data, indices, std::min(per_row, indices.size()))
                : GrayImage{data.columns, data.rows, {only.begin(), only.end()}};
        if (options.png == "-") {
            write_to_standard_output(encode_png(image));
        } else {
            write_png(options.png, image);
        }
        return 0;
    }
    std::vector<CaptionedImage> images;
    for (const std::size_t index : indices) {
        const std::string name = data.class_name(data.labels[index]);
        images.push_back(
            {data.rows, data.columns, data.image(index),
             options.grid ? name
                          : str_cat(shown_name(data.name), ", image ", options.index, ": ", name)});
    }
    std::printf("%s", draw_images(images, output_style(), terminal_width()).c_str());
    return 0;
}

}  // namespace

const Command show_command{"show", "shows images of a data set in the terminal", run};

}  // namespace digits
