// Chapter 7: matrix multiplication (GEMM), written six times, faster each time.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include "../book.h"
#include "../shared.h"
#include "../stopwatch.h"
#include "linalg/gemm.h"
#include "linalg/gemm_peak.h"
#include "linalg/gemm_simd.h"
#include "linalg/matrix.h"
#include "plot/plot.h"
#include "util/parallel.h"
#include "util/text.h"

namespace digits {
namespace {

using detail::add_product;
using detail::lanes;
using detail::load;
using detail::store;
using detail::Vector;

// Step 1: the definition. Its innermost loop walks down a column of b.
void by_definition(const Matrix& a, const Matrix& b, Matrix& c) {
    for (std::size_t m = 0; m < c.rows(); ++m) {
        for (std::size_t n = 0; n < c.columns(); ++n) {
            float sum = 0.0f;
            for (std::size_t k = 0; k < a.columns(); ++k) sum += a(m, k) * b(k, n);
            c(m, n) = sum;
        }
    }
}

// Step 2: two loops exchanged. The innermost one walks along rows of b and c.
void along_rows(const Matrix& a, const Matrix& b, Matrix& c) {
    c.fill(0.0f);
    for (std::size_t m = 0; m < c.rows(); ++m) {
        for (std::size_t k = 0; k < a.columns(); ++k) {
            for (std::size_t n = 0; n < c.columns(); ++n) c(m, n) += a(m, k) * b(k, n);
        }
    }
}

// Step 3: b in blocks that stay in the second-level cache while all rows of a use them.
constexpr std::size_t KC = 256, NC = 256;

void in_blocks(const Matrix& a, const Matrix& b, Matrix& c) {
    c.fill(0.0f);
    for (std::size_t k0 = 0; k0 < b.rows(); k0 += KC) {
        for (std::size_t n0 = 0; n0 < b.columns(); n0 += NC) {
            const std::size_t k1 = std::min(k0 + KC, b.rows()), n1 = std::min(n0 + NC, b.columns());
            for (std::size_t m = 0; m < c.rows(); ++m) {
                for (std::size_t k = k0; k < k1; ++k) {
                    for (std::size_t n = n0; n < n1; ++n) c(m, n) += a(m, k) * b(k, n);
                }
            }
        }
    }
}

// Step 4: a tile of c, 4 rows high and 4 vectors wide, whose sums stay in registers.
constexpr std::size_t MR = 4, NV = 4, NR = NV * lanes;

// c += a * b for one tile; a_stride, b_stride and c_stride are the distances between rows.
void multiply_tile(std::size_t depth, const float* a, std::size_t a_stride, const float* b,
                   std::size_t b_stride, float* c, std::size_t c_stride) {
    Vector sum[MR][NV];
    for (std::size_t r = 0; r < MR; ++r) {
        for (std::size_t v = 0; v < NV; ++v) sum[r][v] = load(c + r * c_stride + v * lanes);
    }
    for (std::size_t k = 0; k < depth; ++k) {
        for (std::size_t r = 0; r < MR; ++r) {
            for (std::size_t v = 0; v < NV; ++v) {
                add_product(sum[r][v], a[r * a_stride + k], load(b + k * b_stride + v * lanes));
            }
        }
    }
    for (std::size_t r = 0; r < MR; ++r) {
        for (std::size_t v = 0; v < NV; ++v) store(c + r * c_stride + v * lanes, sum[r][v]);
    }
}

void in_tiles(const Matrix& a, const Matrix& b, Matrix& c) {
    c.fill(0.0f);
    for (std::size_t n = 0; n < c.columns(); n += NR) {
        for (std::size_t m = 0; m < c.rows(); m += MR) {
            multiply_tile(a.columns(), &a.row(m)[0], a.columns(), b.data() + n, b.columns(),
                          &c.row(m)[n], c.columns());
        }
    }
}

// Step 5: packing. Blocks in k again, and each panel of b copied to consecutive memory.
void packed(const Matrix& a, const Matrix& b, Matrix& c) {
    static std::vector<float> panel(KC * NR);
    c.fill(0.0f);
    for (std::size_t k0 = 0; k0 < b.rows(); k0 += KC) {
        const std::size_t depth = std::min(KC, b.rows() - k0);
        for (std::size_t n = 0; n < c.columns(); n += NR) {
            for (std::size_t k = 0; k < depth; ++k) {
                std::copy_n(b.data() + (k0 + k) * b.columns() + n, NR, &panel[k * NR]);
            }
            for (std::size_t m = 0; m < c.rows(); m += MR) {
                multiply_tile(depth, &a.row(m)[k0], a.columns(), panel.data(), NR, &c.row(m)[n],
                              c.columns());
            }
        }
    }
}

void with_the_library(const Matrix& a, const Matrix& b, Matrix& c) {
    gemm(a, b, c);
}

void chapter(Chapter& book) {
    set_thread_count(1);
    constexpr std::size_t rounds = 100'000;
    const double peak = multiply_and_add_in_registers(rounds) /
                        seconds_of([] { multiply_and_add_in_registers(rounds); }) * 1e-9;
    std::printf("One core with %s: %.0f GFLOP/s at most.\n\n", vector_instructions(), peak);
    const Matrix a = random_matrix(1024, 1024), b = random_matrix(1024, 1024);
    const Matrix x = random_matrix(128, 784), w = random_matrix(784, 128);
    Matrix c(1024, 1024), z(128, 128), oracle;
    gemm_naive(x, w, oracle);
    const std::pair<const char*, void (*)(const Matrix&, const Matrix&, Matrix&)> steps[] = {
        {"definition", by_definition}, {"along rows", along_rows}, {"blocks", in_blocks},
        {"tiles", in_tiles},           {"packed", packed},         {"gemm()", with_the_library}};
    BarPlot plot{"1024 x 1024 x 1024 on one core, up to its peak", "GFLOP/s", {}, {}, {}, 0, peak};
    std::printf("            1024^3   of peak   128x784x128   an epoch's   difference\n");
    for (const auto& step : steps) {
        const auto multiply = step.second;
        const double large =
            2.0 * 1024 * 1024 * 1024 / seconds_of([&] { multiply(a, b, c); }) / 1e9;
        const double seconds = seconds_of([&] { multiply(x, w, z); });
        double difference = 0.0;
        for (std::size_t i = 0; i < z.size(); ++i) {
            difference =
                std::max(difference, as_double(std::abs(z.values()[i] - oracle.values()[i])));
        }
        std::printf("%-10s %7.1f %7.0f %% %13.1f %10.2f s %12.2e\n", step.first, large,
                    100 * large / peak, 2e-9 * 128 * 784 * 128 / seconds, 2 * 469 * seconds,
                    difference);
        book.claim(difference < 1e-3, "every step computes the same product");
        plot.names.push_back(step.first);
        plot.values.push_back(large);
        plot.words.push_back(format_fixed(large, large < 10 ? 1 : 0));
    }
    book.figure("ladder.svg", [&] {
        Svg svg(720, 340, plot.title);
        draw(svg, {0, 0, 720, 340}, plot);
        return svg.str();
    });
}

}  // namespace
}  // namespace digits

int main(int argument_count, char** arguments) {
    return digits::run_chapter(argument_count, arguments, digits::chapter);
}
