// The two figures of chapter 7: the ladder, and where its numbers lie at each step.
#pragma once

#include <string>
#include <vector>

#include "plot/plot.h"
#include "util/text.h"

namespace digits {

struct Rung {
    std::string name;
    double large, small;  // GFLOP/s
};

// A pair of bars for each rung, and the peak as a line.
inline std::string ladder_picture(const std::vector<Rung>& rungs, double peak) {
    const double left = 90, width = 560, top = 62;
    const double bottom = top + 40 * static_cast<double>(rungs.size());
    Svg svg(720, bottom + 36, "GFLOP/s of each step on one core, and its peak");
    svg.words({left, 24}, "GFLOP/s of each step on one core", "title");
    const auto bar = [&](double y, double speed, std::string_view classes) {
        svg.rectangle({left, y, width * speed / peak, 15}, classes);
        svg.words({left + width * speed / peak + 6, y + 12},
                  format_fixed(speed, speed < 10 ? 1 : 0), "small");
    };
    for (std::size_t i = 0; i < rungs.size(); ++i) {
        const double y = top + 40 * static_cast<double>(i);
        svg.words({left - 8, y + 20}, rungs[i].name, "small", Anchor::end);
        bar(y, rungs[i].large, "s0");
        bar(y + 16, rungs[i].small, "s5");
    }
    svg.line({left, top - 6}, {left, bottom}, "faint");
    svg.line({left + width, top - 6}, {left + width, bottom}, "s1 dashed");
    svg.words({left + width, top - 12}, str_cat("peak: ", format_fixed(peak, 0)), "s1 bold",
              Anchor::middle);
    svg.rectangle({left, bottom + 12, 12, 12}, "s0");
    svg.words({left + 18, bottom + 22}, "1024 x 1024 x 1024", "small");
    svg.rectangle({left + 160, bottom + 12, 12, 12}, "s5");
    svg.words({left + 178, bottom + 22}, "128 x 784 x 128", "small");
    return svg.str();
}

// Which parts of A, B and C lie in registers and caches while a product of 1024^3 is computed. The
// boxes are in units of a matrix's side; thin ones are drawn thicker than they are.
inline std::string places_picture() {
    struct Area {
        std::size_t matrix;
        Box box;
        const char* where;  // colour: s1 registers, s0 first cache, s2 second cache
    };
    struct Step {
        const char* name;
        std::vector<Area> parts;
        const char *registers, *first, *second;
    };
    constexpr double thin = 0.05, tile = 0.0625;
    const Step steps[] = {{"1. definition",
                           {{0, {0, 0.3, 1, thin}, "s0"}, {2, {0.4, 0.3, thin, thin}, "s1"}},
                           "1 sum",
                           "a row of A, 4 KB",
                           "nothing stays: all of B passes by"},
                          {"2. along rows",
                           {{0, {0.5, 0.3, thin, thin}, "s1"}, {2, {0, 0.3, 1, thin}, "s0"}},
                           "1 number of A",
                           "a row of C, 4 KB",
                           "nothing stays: all of B passes by"},
                          {"3. blocks",
                           {{0, {0.35, 0.3, thin, thin}, "s1"},
                            {1, {0.5, 0.25, 0.25, 0.25}, "s2"},
                            {2, {0.5, 0.3, 0.25, thin}, "s0"}},
                           "1 number of A",
                           "256 numbers of C, 1 KB",
                           "a block of B, 256 KB"},
                          {"4. tiles",
                           {{0, {0, 0.3, 1, thin}, "s0"},
                            {1, {0.5, 0, tile, 1}, "s2"},
                            {2, {0.5, 0.3, tile, thin}, "s1"}},
                           "a tile of C, 4 x 64",
                           "4 rows of A, 16 KB",
                           "64 columns of B: too few places"},
                          {"5. packed",
                           {{0, {0.25, 0.3, 0.25, thin}, "s0"},
                            {1, {0.5, 0.25, tile, 0.25}, "s2"},
                            {2, {0.5, 0.3, tile, thin}, "s1"}},
                           "a tile of C, 4 x 64",
                           "4 x 256 of A, 4 KB",
                           "a panel of B, 256 x 64, 64 KB"},
                          {"gemm()",
                           {{0, {0, 0.3, 0.5, 0.07}, "s0"},
                            {1, {0.5, 0, 0.25, 0.5}, "s2"},
                            {2, {0.5, 0.3, tile, 0.07}, "s1"}},
                           "a tile of C, 6 x 64",
                           "6 x 512 of A, 12 KB",
                           "4 panels of B, 512 KB"}};
    constexpr double side = 72, top = 54, pitch = 88;
    Svg svg(720, top + pitch * 6, "What lies in registers and caches at each step");
    svg.words({16, 24}, "Where the numbers lie while they are used, with AVX-512", "title");
    const char* names[] = {"A", "B", "C"};
    for (std::size_t m = 0; m < 3; ++m) {
        svg.words({148 + 92 * static_cast<double>(m), top - 8}, names[m], "bold", Anchor::middle);
    }
    double y = top;
    for (const Step& step : steps) {
        svg.words({16, y + 40}, step.name, "label");
        for (std::size_t m = 0; m < 3; ++m) {
            const double x = 112 + 92 * static_cast<double>(m);
            for (const Area& part : step.parts) {
                if (part.matrix != m) continue;
                svg.rectangle({x + side * part.box.x, y + side * part.box.y, side * part.box.width,
                               side * part.box.height},
                              part.where);
            }
            svg.frame({x, y, side, side}, "faint");
        }
        const char* words[][3] = {{"s1", "registers", step.registers},
                                  {"s0", "L1 cache", step.first},
                                  {"s2", "L2 cache", step.second}};
        for (std::size_t i = 0; i < 3; ++i) {
            const double line = y + 20 + 20 * static_cast<double>(i);
            svg.words({396, line}, words[i][1], std::string(words[i][0]) + " bold");
            svg.words({480, line}, words[i][2], "");
        }
        y += pitch;
    }
    return svg.str();
}

}  // namespace digits
