// Chapter 8: a thread pool: the same work on all cores, with the same bits.
#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <thread>
#include <vector>

#include "../book.h"
#include "../descent.h"
#include "../shared.h"
#include "../stopwatch.h"
#include "broken.h"
#include "linalg/gemm.h"
#include "linalg/matrix.h"
#include "plot/plot.h"
#include "util/parallel.h"

namespace digits {
namespace {

// A checksum of all bits: it differs for matrices that are not equal to the last bit.
std::uint64_t hash(const Matrix& matrix) {
    std::uint64_t bits = 0;
    for (const float value : matrix.values()) {
        bits = scramble(bits + std::bit_cast<std::uint32_t>(value));
    }
    return bits;
}

// A sum whose terms are shared out among `parts`, each of which adds up its own: the order of the
// additions, and with it the last bits, depend on how many there are.
float sum_in_parts(std::span<const float> values, std::size_t parts) {
    std::vector<float> sums(parts, 0.0f);
    parallel_for(0, parts, 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t part = begin; part < end; ++part) {
            const std::size_t first = values.size() * part / parts;
            const std::size_t last = values.size() * (part + 1) / parts;
            for (std::size_t i = first; i < last; ++i) sums[part] += values[i];
        }
    });
    float sum = 0.0f;
    for (const float part : sums) sum += part;
    return sum;
}

void share_out(Chapter& book) {
    set_thread_count(3);
    std::vector<int> visits(10, 0);
    parallel_for(0, visits.size(), 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) ++visits[i];
    });
    std::printf("visits of ten places by three threads:");
    for (const int visit : visits) std::printf(" %d", visit);
    book.claim(visits == std::vector<int>(10, 1), "each place is visited once");
    std::printf("\n");
}

void compare_bits(Chapter& book) {
    const Matrix a = random_matrix(300, 500), b = random_matrix(500, 200);
    const Matrix terms = random_matrix(1, 1'000'000);
    std::printf("\nthreads   hash of a product   a million terms, shared out\n");
    std::uint64_t first = 0;
    for (const std::size_t threads : {1u, 2u, 3u, 4u}) {
        set_thread_count(threads);
        Matrix c;
        gemm(a, b, c);
        if (threads == 1) first = hash(c);
        book.claim(hash(c) == first, "the product has the same bits on any number of threads");
        std::printf("%7zu    %016llx   %.4f\n", threads, static_cast<unsigned long long>(hash(c)),
                    as_double(sum_in_parts(terms.values(), threads)));
    }
}

// The overhead, in microseconds, of handing 100 microseconds of work to each of two threads.
double microseconds_to_start(std::chrono::microseconds pause) {
    double best = 1e9;
    for (int i = 0; i < 200; ++i) {
        if (pause.count() > 0) std::this_thread::sleep_for(pause);
        const auto start = std::chrono::steady_clock::now();
        parallel_for(0, 2, 1, [](std::size_t, std::size_t) {
            const auto begin = std::chrono::steady_clock::now();
            while (std::chrono::steady_clock::now() - begin < std::chrono::microseconds(100)) {
            }
        });
        const std::chrono::duration<double, std::micro> time =
            std::chrono::steady_clock::now() - start;
        best = std::min(best, time.count());
    }
    return best - 100;
}

// An epoch of three networks, in batches of 128, with one thread and with two.
void time_epochs(const Dataset& train) {
    std::printf("\nan epoch of %zu images     one thread   two threads\n", train.size());
    for (const std::vector<std::size_t>& hidden :
         {std::vector<std::size_t>{32}, {128, 64}, {512, 512}}) {
        Random random(1);
        Network network = build_network(train.inputs(), train.classes, {.hidden = hidden}, random);
        std::printf("%-27s", describe(network).c_str());
        double seconds[2];
        for (std::size_t threads = 1; threads <= 2; ++threads) {
            set_thread_count(threads);
            seconds[threads - 1] =
                seconds_of([&] { train_epoch(network, train, 128, 0.1f, random); });
        }
        std::printf("%10.3f s %11.3f s   %.2f times\n", seconds[0], seconds[1],
                    seconds[0] / seconds[1]);
    }
}

void chapter(Chapter& book) {
    if (!book.as_in_the_text()) return break_things(book);
    share_out(book);
    compare_bits(book);

    set_thread_count(2);
    std::printf(
        "\ntwo threads, 100 microseconds of work each: %.0f microseconds lost when the\n"
        "second is still awake, %.0f when it has to be woken\n",
        microseconds_to_start(std::chrono::microseconds(0)),
        microseconds_to_start(std::chrono::microseconds(2000)));

    LinePlot plot{"How much faster two threads are",
                  Axis{"size of the square matrices", {}, {}, true},
                  Axis{"speed, times that of one thread", 0.0, 2.0},
                  {{"gemm(), two threads", {}}}};
    std::printf("\nn x n x n    one thread   two threads\n");
    for (const std::size_t n :
         {16u, 32u, 48u, 64u, 96u, 128u, 192u, 256u, 384u, 512u, 768u, 1024u}) {
        const Matrix a = random_matrix(n, n), b = random_matrix(n, n);
        Matrix c;
        double seconds[2];
        for (std::size_t threads = 1; threads <= 2; ++threads) {
            set_thread_count(threads);
            gemm(a, b, c);
            seconds[threads - 1] = seconds_of([&] { gemm(a, b, c); });
        }
        plot.series[0].points.push_back({static_cast<double>(n), seconds[0] / seconds[1]});
        if ((n & (n - 1)) != 0) continue;
        std::printf("%9zu %9.1f us %10.1f us\n", n, 1e6 * seconds[0], 1e6 * seconds[1]);
    }
    time_epochs(book.data().train);
    set_thread_count(0);
    book.figure("threads.svg", [&] { return svg_of(plot, 720, 340); });
}

}  // namespace
}  // namespace digits

int main(int argument_count, char** arguments) {
    return digits::run_chapter(argument_count, arguments, digits::chapter,
                               {"--race", "--false-sharing", "--lost-wake-up"});
}
