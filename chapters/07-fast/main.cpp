// Chapter 7: each step of a matrix product (GEMM) timed and checked, and its causes one at a time.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <span>
#include <utility>
#include <vector>

#include "../book.h"
#include "../shared.h"
#include "../stopwatch.h"
#include "linalg/gemm.h"
#include "linalg/gemm_peak.h"
#include "linalg/matrix.h"
#include "pictures.h"
#include "steps.h"
#include "util/parallel.h"

namespace digits {
namespace {

// The shapes of the small product: a batch of 128 images times the weights of 784-128.
constexpr std::size_t batch = 128, pixels = 784, units = 128;
constexpr double small_operations = 2.0 * batch * pixels * units;

void with_the_library(const Matrix& a, const Matrix& b, Matrix& c) {
    gemm(a, b, c);
}

// A large and a small b, stored in the same way.
struct Right {
    Matrix large, small;
};

struct Step {
    const char* name;
    void (*multiply)(const Matrix& a, const Matrix& b, Matrix& c);
    const Right& b;
    double large = 1e9, small = 1e9;  // the least processor seconds of a call
    double difference = 0.0;          // the largest from the oracle, over all calls
};

Matrix with_more_columns(const Matrix& b, std::size_t more) {
    Matrix wide(b.rows(), b.columns() + more);
    for (std::size_t k = 0; k < b.rows(); ++k) std::ranges::copy(b.row(k), wide.row(k).begin());
    return wide;
}

Matrix transposed_copy(const Matrix& b) {
    Matrix turned(b.columns(), b.rows());
    for (std::size_t k = 0; k < b.rows(); ++k) {
        for (std::size_t n = 0; n < b.columns(); ++n) turned(n, k) = b(k, n);
    }
    return turned;
}

double largest_difference(const Matrix& c, const Matrix& oracle) {
    double largest = 0.0;
    for (std::size_t i = 0; i < c.size(); ++i) {
        const double difference = as_double(std::abs(c.values()[i] - oracle.values()[i]));
        if (std::isnan(difference)) return HUGE_VAL;
        largest = std::max(largest, difference);
    }
    return largest;
}

// GFLOP/s in registers.
double peak_speed() {
    double operations = 0.0;
    const double seconds =
        processor_seconds_of([&] { operations = multiply_and_add_in_registers(200'000); });
    return operations / seconds / 1e9;
}

// Five rounds through all steps and the peak, which is returned, so that a disturbance does not
// hit one of them alone. Steps that take longer than half a second are timed once.
double measure(std::span<Step> steps, const Matrix& a, const Matrix& x, const Matrix& large_oracle,
               const Matrix& small_oracle) {
    double peak = 0.0;
    Matrix c(a.rows(), a.rows()), z(batch, units);
    for (int round = 0; round < 5; ++round) {
        for (Step& step : steps) {
            peak = std::max(peak, peak_speed());
            if (round > 0 && step.large > 0.5) continue;
            c.fill(-1.0f);
            z.fill(-1.0f);
            step.large = std::min(step.large,
                                  processor_seconds_of([&] { step.multiply(a, step.b.large, c); }));
            for (int call = 0; call < 10; ++call) {
                step.small = std::min(
                    step.small, processor_seconds_of([&] { step.multiply(x, step.b.small, z); }));
            }
            step.difference = std::max({step.difference, largest_difference(c, large_oracle),
                                        largest_difference(z, small_oracle)});
        }
    }
    return peak;
}

void chapter(Chapter& chapter) {
    const std::size_t size = chapter.number("--size", 1024);
    if (size < 64 || size > 4096) fail("--size ", size, ": choose a size from 64 to 4096");
    const double large_operations = 2.0 * std::pow(static_cast<double>(size), 3);
    set_thread_count(1);
    const Matrix a = random_matrix(size, size), x = random_matrix(batch, pixels);
    const Right b{random_matrix(size, size), random_matrix(pixels, units)};
    const Right b_wide{with_more_columns(b.large, 16), with_more_columns(b.small, 16)};
    const Right b_turned{transposed_copy(b.large), transposed_copy(b.small)};
    Matrix large_oracle, small_oracle;
    gemm_naive(a, transposed(b_turned.large), large_oracle);
    gemm_naive(x, b.small, small_oracle);

    std::vector<Step> steps = {{"definition", by_definition, b},
                               {"along rows", along_rows, b},
                               {"blocks", in_blocks, b},
                               {"tiles", in_tiles<4>, b},
                               {"packed", packed<4>, b},
                               {"six rows", packed<6>, b},
                               {"gemm()", with_the_library, b},
                               {"b with 16 more columns", by_definition, b_wide},
                               {"b transposed, 1 chain", one_chain, b_turned},
                               {"b transposed, 64 chains", many_chains, b_turned},
                               {"tiles, b 16 wider", in_tiles<4>, b_wide},
                               {"packed, 16 bytes off", packed<4, 256, false, 1, 4>, b},
                               {"six rows, 512 deep", packed<6, 512>, b},
                               {"and c fetched ahead", packed<6, 512, true>, b},
                               {"and four panels", packed<6, 512, true, 4>, b}};
    const double peak = measure(steps, a, x, large_oracle, small_oracle);

    std::printf("One core with %s: %zu lanes, %zu registers, tiles of 4 x %zu and 6 x %zu.\n",
                vector_instructions(), lanes, detail::registers, NR, NR);
    std::printf("At most %.0f GFLOP/s, measured in registers.\n\n", peak);
    std::printf("%-24s%5zu^3  of peak  128x784x128  of peak  an epoch's  difference\n", "", size);
    const std::size_t ladder = 7;
    std::vector<Rung> rungs;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const Step& step = steps[i];
        const double large = large_operations / step.large / 1e9;
        const double small = small_operations / step.small / 1e9;
        if (i == ladder) std::printf("\none cause at a time:\n");
        std::printf("%-24s%7.1f %6.0f %%  %11.1f %6.0f %% %9.2f s  %10.1e\n", step.name, large,
                    100 * large / peak, small, 100 * small / peak, 2 * 469 * step.small,
                    step.difference);
        chapter.claim(step.difference < 1e-3, "every step computes the same product");
        if (i < ladder) rungs.push_back({step.name, large, small});
    }

    Batch images;
    gather(chapter.data().train, first_indices(batch), images);
    double seconds = 1e9;
    Matrix z;
    for (int call = 0; call < 100; ++call) {
        seconds = std::min(seconds, processor_seconds_of([&] { gemm(images.input, b.small, z); }));
    }
    const auto zeros = std::ranges::count(images.input.values(), 0.0f);
    std::printf("\ngemm() of 128 images, %.0f %% zeros: as if at %.0f GFLOP/s, %.0f %% of peak\n",
                100.0 * static_cast<double>(zeros) / static_cast<double>(images.input.size()),
                small_operations / seconds / 1e9, 100 * small_operations / seconds / 1e9 / peak);
    chapter.figure("ladder.svg", [&] { return ladder_picture(rungs, peak); });
    chapter.figure("places.svg", [&] { return places_picture(); });
}

}  // namespace
}  // namespace digits

int main(int argument_count, char** arguments) {
    return digits::run_chapter(argument_count, arguments, digits::chapter, {"--size"});
}
