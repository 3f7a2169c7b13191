#include "report/images.h"

#include <algorithm>
#include <cmath>

#include "network/loss.h"
#include "plot/plot.h"
#include "util/sizes.h"
#include "util/text.h"

namespace digits {
namespace {

constexpr std::size_t largest_side = 32;  // of an image in a report, in pixels
constexpr double card_width = 150.0, card_height = 202.0;

// Downsamples images larger than that: each pixel becomes the mean of a square block.
Matrix downsampled(const Matrix& image) {
    const std::size_t side = std::max(image.rows(), image.columns());
    if (side <= largest_side) return image;
    const std::size_t block = ceil_div(side, largest_side);
    Matrix small(ceil_div(image.rows(), block), ceil_div(image.columns(), block));
    const float share = 1.0f / static_cast<float>(block * block);
    for (std::size_t y = 0; y < image.rows(); ++y) {
        for (std::size_t x = 0; x < image.columns(); ++x) {
            small(y / block, x / block) += share * image(y, x);
        }
    }
    return small;
}

// The three most likely classes, or the two most likely and the actual one.
std::vector<Mistake::Likely> likely_classes(std::span<const float> probabilities,
                                            std::size_t actual) {
    std::vector<std::size_t> order = ranking(probabilities);
    const std::size_t shown = std::min<std::size_t>(3, order.size());
    if (std::find(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(shown), actual) ==
        order.begin() + static_cast<std::ptrdiff_t>(shown)) {
        order[shown - 1] = actual;
    }
    std::vector<Mistake::Likely> likely;
    for (std::size_t i = 0; i < shown; ++i) {
        likely.push_back({order[i], static_cast<double>(probabilities[order[i]])});
    }
    return likely;
}

std::string percent_of(double probability) {
    return probability < 0.001 ? "<0.1 %" : format_fixed(100.0 * probability, 1) + " %";
}

std::string title_of(const Mistake& mistake) {
    return str_cat(mistake.actual, " predicted as ", mistake.predicted);
}

void draw(Svg& svg, Point at, const Mistake& mistake) {
    constexpr double side = 112.0, bar_left = 34.0, bar_length = 56.0;
    svg.words({at.x + card_width / 2, at.y + 20}, title_of(mistake), "bold", Anchor::middle);
    const double longest = static_cast<double>(std::max(mistake.ink.rows(), mistake.ink.columns()));
    const double width = side * static_cast<double>(mistake.ink.columns()) / longest;
    const double height = side * static_cast<double>(mistake.ink.rows()) / longest;
    svg.pixels({at.x + (card_width - width) / 2, at.y + 30, width, height},
               ink_pixels(mistake.ink));
    double y = at.y + 30 + side + 17;
    for (const auto& [name, probability] : mistake.likely) {
        const bool is_actual = name == mistake.actual;
        svg.words({at.x + bar_left - 8, y}, str_cat(name), is_actual ? "small bold" : "small",
                  Anchor::end);
        svg.rectangle({at.x + bar_left, y - 9, std::max(1.0, bar_length * probability), 10},
                      is_actual ? "s0" : "s1");
        svg.words({at.x + card_width - 8, y}, percent_of(probability), "small", Anchor::end);
        y += 17;
    }
}

}  // namespace

std::vector<Mistake> find_mistakes(const Model& model, const Evaluation& evaluation,
                                   const Dataset& data, std::size_t count) {
    const std::vector<std::size_t> worst = worst_mistakes(evaluation, data, count);
    std::vector<Mistake> mistakes;
    if (worst.empty()) return mistakes;
    Batch batch;
    Activations activations;
    Matrix probabilities;
    gather(data, worst, batch);
    Matrix prepared = batch.input;
    preprocess(model.preprocessing, data.rows, data.columns, prepared);
    softmax(model.network.forward(prepared, activations), probabilities);
    for (std::size_t i = 0; i < worst.size(); ++i) {
        Matrix ink(data.rows, data.columns);
        std::ranges::copy(batch.input.row(i), ink.data());
        mistakes.push_back({downsampled(ink), batch.labels[i],
                            evaluation.predictions[worst[i]].predicted,
                            likely_classes(probabilities.row(i), batch.labels[i])});
    }
    return mistakes;
}

Svg mistake_card(const Mistake& mistake) {
    Svg svg(card_width, card_height, title_of(mistake));
    draw(svg, {0, 0}, mistake);
    return svg;
}

Svg mistakes_figure(const std::vector<Mistake>& mistakes) {
    constexpr std::size_t per_row = 7;
    const std::size_t rows = std::max<std::size_t>(1, ceil_div(mistakes.size(), per_row));
    Svg svg(card_width * per_row, card_height * static_cast<double>(rows), "The worst mistakes");
    for (std::size_t i = 0; i < mistakes.size(); ++i) {
        draw(svg,
             {card_width * static_cast<double>(i % per_row),
              card_height * static_cast<double>(i / per_row)},
             mistakes[i]);
    }
    return svg;
}

Svg weight_images(const Network& network, std::size_t rows, std::size_t columns) {
    constexpr std::size_t most = 40, per_row = 10;
    const Matrix& weight = network.parameters()[0]->value;
    require(weight.rows() == rows * columns, "weight_images: ", weight.rows(),
            " weights for images of ", rows, " x ", columns);
    const std::size_t units = std::min(most, weight.columns());
    Matrix grid;
    for (std::size_t unit = 0; unit < units; ++unit) {
        Matrix tile(rows, columns);
        for (std::size_t i = 0; i < weight.rows(); ++i) tile.data()[i] = weight(i, unit);
        tile = downsampled(tile);
        float strongest = 1e-30f;  // a unit whose weights are all 0 stays white
        for (const float value : tile.values()) strongest = std::max(strongest, std::abs(value));
        if (unit == 0) {
            grid = Matrix((tile.rows() + 2) * ceil_div(units, per_row) - 2,
                          (tile.columns() + 2) * std::min(per_row, units) - 2);
        }
        const std::size_t top = (tile.rows() + 2) * (unit / per_row);
        const std::size_t left = (tile.columns() + 2) * (unit % per_row);
        for (std::size_t y = 0; y < tile.rows(); ++y) {
            for (std::size_t x = 0; x < tile.columns(); ++x) {
                grid(top + y, left + x) = tile(y, x) / strongest;
            }
        }
    }
    const std::string title =
        str_cat("First-layer weights: ", units, " of its ", weight.columns(), " units");
    constexpr double width = 480.0;
    const double height =
        (width - 32) * static_cast<double>(grid.rows()) / static_cast<double>(grid.columns());
    Svg svg(width, height + 74, title);
    svg.words({16, 24}, title, "title");
    svg.pixels({16, 38, width - 32, height}, signed_pixels(grid, 1.0));
    svg.words({16, height + 58}, "blue: positive (ink excites)", "small s0");
    svg.words({width - 16, height + 58}, "orange: negative (ink inhibits)", "small s1",
              Anchor::end);
    return svg;
}

}  // namespace digits
