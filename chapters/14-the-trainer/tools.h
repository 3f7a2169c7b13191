// Helpers of chapter 14: a temporary folder, a sheet of paper, and its two figures: a training
// step, and the folders of src/ as floors of a house.
//
// No chapter teaches this file; it draws with plot/svg.h, as the reports do.
#pragma once

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "data/normalize_digit.h"
#include "plot/svg.h"
#include "util/require.h"

namespace digits {

// A new folder among the system's temporary files, deleted with its contents by the destructor.
struct TemporaryFolder {
    std::filesystem::path path = std::filesystem::temp_directory_path() /
                                 str_cat("digits-chapter-14-", std::random_device{}());

    TemporaryFolder() { std::filesystem::create_directory(path); }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
};

// Simulates a scan: the digit in dark grey on light grey paper, five times as large, off centre.
inline GrayImage on_paper(const Dataset& data, std::size_t index) {
    GrayImage sheet{240, 200, std::vector<std::uint8_t>(240 * 200, 230)};
    for (std::size_t y = 0; y < 5 * data.rows; ++y) {
        for (std::size_t x = 0; x < 5 * data.columns; ++x) {
            const int ink = data.image(index)[y / 5 * data.columns + x / 5];
            sheet.pixels[(y + 60) * 240 + x + 100] = static_cast<std::uint8_t>(230 - ink * 4 / 5);
        }
    }
    return sheet;
}

// A folder of src/: its colour in both figures, and what it is for.
struct Floor {
    const char* folder;
    const char* colour;
    const char* purpose;
};

// From the ground up: each uses only itself and those before it.
inline constexpr Floor floors[] = {
    {"util", "s5", "threads, random numbers, files, text, error messages"},
    {"linalg", "s4", "the matrix and the matrix product"},
    {"formats", "s2", "IDX, gzip, PNG, Netpbm, JSON, safetensors"},
    {"data", "s2", "data sets, batches, drawn digits, distortion, deskewing"},
    {"network", "s0", "layers, the loss, the network, the gradient check"},
    {"training", "s1", "optimizers, schedules, the loop, evaluation, model files"},
    {"plot", "s4", "SVG, axes, plots, images in the terminal"},
    {"report", "s3", "report.html: curves, tables, heatmaps; the summary"},
    {"cli", "s5", "commands, options, runs, sweeps"},
};

inline void room(Svg& svg, const Box& box, const std::string& colour) {
    svg.rectangle(box, colour, 0.13);
    svg.frame(box, colour + " thin");
}

// A horizontal or vertical arrow.
inline void arrow(Svg& svg, Point from, Point to, const std::string& colour) {
    constexpr double length = 9, half = 4.5;
    const double along_x = to.x > from.x ? 1 : to.x < from.x ? -1 : 0;
    const double along_y = to.y > from.y ? 1 : to.y < from.y ? -1 : 0;
    const Point neck{to.x - length * along_x, to.y - length * along_y};
    const Point head[] = {to,
                          {neck.x + half * along_y, neck.y + half * along_x},
                          {neck.x - half * along_y, neck.y - half * along_x}};
    svg.line(from, neck, colour);
    svg.area(head, colour);
}

struct Stage {
    const char* name;
    const char* file;
    std::size_t floor;
    const char* forward;   // what goes on to the next stage
    const char* backward;  // what comes back from it
    const char* learned;   // the gradients that go to the optimizer
};

inline constexpr Stage stages[] = {
    {"gather()", "src/data/dataset.cpp", 3, "input  X (B, 784), from 0 to 1", "", ""},
    {"distort(), preprocess()", "src/data/augment.cpp", 3, "input  X (B, 784)", "", ""},
    {"layer1", "src/network/dense.cpp", 4, "outputs[0]  (B, 256)", "gradients[0]  (B, 256)",
     "dW (784, 256), db"},
    {"Relu", "src/network/activation.cpp", 4, "outputs[1]  (B, 256)", "gradients[1]  (B, 256)", ""},
    {"layer2", "src/network/dense.cpp", 4, "outputs[2]  (B, 128)", "gradients[2]  (B, 128)",
     "dW (256, 128), db"},
    {"Relu", "src/network/activation.cpp", 4, "outputs[3]  (B, 128)", "gradients[3]  (B, 128)", ""},
    {"layer3", "src/network/dense.cpp", 4, "logits  Z (B, 10)", "grad_logits  dZ (B, 10)",
     "dW (128, 10), db"},
    {"softmax_cross_entropy()", "src/network/loss.cpp", 4, "", "", ""},
};

// Forward down the left side, back up the right one, gradients to the optimizer at the far right.
inline std::string draw_step() {
    constexpr double left = 20, width = 400, height = 40, pitch = 72, top = 84;
    constexpr double far = 550, far_width = 150;
    const auto y_of = [](std::size_t stage) { return top + pitch * static_cast<double>(stage); };
    Svg svg(720, 672, "One training step: forward to the loss, back to the gradients, and a step");
    svg.words({left, 30}, "One training step: Run::step() in src/training/trainer.cpp", "title");
    arrow(svg, {left + 24, 44}, {left + 24, top - 3}, "ink");
    svg.words({left + 36, 66}, "indices (B), from the shuffled order", "");
    for (std::size_t i = 0; i < std::size(stages); ++i) {
        const Stage& stage = stages[i];
        const Box box{left, y_of(i), width, height};
        room(svg, box, floors[stage.floor].colour);
        svg.words({box.x + 12, box.y + 25}, stage.name, "bold");
        svg.words({box.right() - 12, box.y + 25}, stage.file, "small", Anchor::end);
        const double next = box.y + pitch, down = left + 24, up = left + width - 180;
        if (*stage.forward != '\0') {
            arrow(svg, {down, box.bottom() + 3}, {down, next - 3}, "ink");
            svg.words({down + 12, box.bottom() + 20}, stage.forward, "");
        }
        if (*stage.backward != '\0') {
            arrow(svg, {up, next - 3}, {up, box.bottom() + 3}, "s4");
            svg.words({up + 12, box.bottom() + 20}, stage.backward, "s4");
        }
        if (*stage.learned != '\0') {
            const double middle = (box.right() + far) / 2;
            svg.words({middle, box.y + 8}, stage.learned, "small s4", Anchor::middle);
            arrow(svg, {box.right() + 3, box.y + 15}, {far - 3, box.y + 15}, "s4");
            arrow(svg, {far - 3, box.y + 27}, {box.right() + 3, box.y + 27}, "ink");
            svg.words({middle, box.y + 42}, "W, b", "small", Anchor::middle);
        }
    }
    const auto far_room = [&](std::size_t first, std::size_t last, const char* name,
                              const char* file) {
        const Box box{far, y_of(first), far_width, y_of(last) - y_of(first) + height};
        room(svg, box, floors[5].colour);
        svg.words({box.x + far_width / 2, (box.y + box.bottom()) / 2 - 3}, name, "bold",
                  Anchor::middle);
        svg.words({box.x + far_width / 2, (box.y + box.bottom()) / 2 + 14}, file, "small",
                  Anchor::middle);
    };
    const double far_middle = far + far_width / 2;
    far_room(0, 0, "schedule", "training/lr_schedule.cpp");
    arrow(svg, {far_middle, y_of(0) + height + 3}, {far_middle, y_of(2) - 3}, "ink");
    svg.words({far_middle - 10, y_of(1) + 16}, "learning_rate", "", Anchor::end);
    far_room(2, 6, "optimizer.step()", "training/optimizer.cpp");
    far_room(7, 7, "History", "training/trainer.h");
    arrow(svg, {left + width + 3, y_of(7) + 24}, {far - 3, y_of(7) + 24}, "ink");
    svg.words({(left + width + far) / 2, y_of(7) + 17}, "loss, accuracy", "small", Anchor::middle);
    svg.words({left + 410, 654}, "forward(): down", "small", Anchor::end);
    svg.words({left + 420, 654}, "backward(): up", "small s4");
    double x = left;
    for (const std::size_t floor : {3u, 4u, 5u}) {
        room(svg, {x, 644, 12, 12}, floors[floor].colour);
        svg.words({x + 20, 654}, str_cat("src/", floors[floor].folder), "small");
        x += 100;
    }
    return svg.str();
}

// The names of a folder's files, without endings, each once, as lines of at most `width`
// characters.
inline std::vector<std::string> names_in(const std::string& folder, std::size_t width) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator("src/" + folder)) {
        if (!entry.is_directory()) names.push_back(entry.path().stem().string());
    }
    std::ranges::sort(names);
    names.erase(std::unique(names.begin(), names.end()), names.end());
    std::vector<std::string> lines(1);
    for (const std::string& name : names) {
        if (lines.back().size() + name.size() + 4 > width) lines.emplace_back();
        lines.back() += lines.back().empty() ? name : " · " + name;
    }
    return lines;
}

// The folders as floors, util at the ground, each with its files; a roof on top.
inline std::string draw_house() {
    constexpr double left = 40, width = 640, line_height = 16;
    std::vector<std::vector<std::string>> files;
    double height = 150;  // of roof and ground
    for (const Floor& floor : floors) {
        files.push_back(names_in(floor.folder, 100));
        height += 40 + line_height * static_cast<double>(files.back().size());
    }
    Svg svg(720, height,
            "The folders of src/ as floors of a house, cli on top and util at the ground");
    const Point roof[] = {{left - 22, 92}, {360, 14}, {left + width + 22, 92}, {left - 22, 92}};
    svg.polyline(roof, "ink thin");
    svg.words({360, 58}, "build/digits", "title", Anchor::middle);
    svg.words({360, 78}, "the chapters, and programs of your own", "label", Anchor::middle);
    double y = 92;
    for (std::size_t i = std::size(floors); i-- > 0;) {
        const Box box{left, y, width, 40 + line_height * static_cast<double>(files[i].size())};
        room(svg, box, floors[i].colour);
        svg.words({left + 14, y + 22}, str_cat("src/", floors[i].folder), "bold");
        svg.words({left + 118, y + 22}, floors[i].purpose, "label");
        double line = y + 42;
        for (const std::string& names : files[i]) {
            svg.words({left + 14, line}, names, "small");
            line += line_height;
        }
        y = box.bottom();
    }
    svg.line({left - 22, y + 1}, {left + width + 22, y + 1}, "ink");
    svg.words({360, y + 22}, "the C++20 standard library", "", Anchor::middle);
    svg.words({360, y + 42},
              "each floor uses only itself and those below it; a test reads every #include",
              "label", Anchor::middle);
    return svg.str();
}

}  // namespace digits
