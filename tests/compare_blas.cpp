// BLAS benchmark: compares the speed of gemm() with that of the installed BLAS libraries. A
// separate program, not part of the tests, and the only one that looks for a BLAS. Compile and run
// it with
//
//     c++ -std=c++20 -O3 -march=native -pthread -Isrc tests/compare_blas.cpp build/libdigits.a
//         -ldl -o build/compare_blas
//     build/compare_blas [--rounds N] [--threads N] [path of a library with cblas_sgemm ...]
//
// Every library runs in its own process, because some keep their threads spinning for a tenth of a
// second after a call. The libraries take turns in each round, so that other load on the machine
// affects all of them alike. The tables show medians over the rounds.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <map>
#include <string>
#include <vector>

#include "linalg/gemm.h"
#include "util/parallel.h"
#include "util/random.h"
#include "util/require.h"

namespace digits {
namespace {

struct Shape {
    const char* what;
    bool transpose_a, transpose_b;
    std::size_t M, N, K;

    double operations() const { return 2.0 * static_cast<double>(M * N * K); }
};

// The matrix products of a training step, with batches of 128 images of 784 pixels, in the networks
// 784-128-64-10 and 784-512-512-10; and a large cube. W is a weight, X the input of a layer.
const Shape shapes[] = {
    {"X W", false, false, 128, 128, 784},    {"X W", false, false, 128, 64, 128},
    {"X W", false, false, 128, 10, 64},      {"X W", false, false, 128, 512, 784},
    {"X W", false, false, 128, 512, 512},    {"X W", false, false, 128, 10, 512},
    {"X' dZ", true, false, 784, 128, 128},   {"X' dZ", true, false, 128, 64, 128},
    {"X' dZ", true, false, 64, 10, 128},     {"X' dZ", true, false, 784, 512, 128},
    {"X' dZ", true, false, 512, 512, 128},   {"X' dZ", true, false, 512, 10, 128},
    {"dZ W'", false, true, 128, 128, 64},    {"dZ W'", false, true, 128, 64, 10},
    {"dZ W'", false, true, 128, 512, 512},   {"dZ W'", false, true, 128, 512, 10},
    {"cube", false, false, 1024, 1024, 1024}};

// cblas_sgemm(order, transpose a, transpose b, M, N, K, alpha, a, lda, b, ldb, beta, c, ldc)
using Sgemm = void (*)(int, int, int, int, int, int, float, const float*, int, const float*, int,
                       float, float*, int);

Sgemm find_sgemm(void* library) {
    for (const char* name : {"cblas_sgemm", "scipy_cblas_sgemm"}) {
        if (void* const symbol = dlsym(library, name)) return reinterpret_cast<Sgemm>(symbol);
    }
    return nullptr;
}

double seconds_now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

// The median time of one call. The first two rounds of calls, which wake the threads and warm up
// the caches, are not counted.
template <class Call>
double time_of(double operations, Call call) {
    const int calls = std::max(2, static_cast<int>(4e8 / operations));
    std::vector<double> times;
    for (int round = 0; round < 7; ++round) {
        const double start = seconds_now();
        for (int i = 0; i < calls; ++i) call();
        if (round > 1) times.push_back((seconds_now() - start) / calls);
    }
    return median(times);
}

Matrix random_matrix(std::size_t rows, std::size_t columns, std::uint64_t seed) {
    Matrix matrix(rows, columns);
    Random random(seed);
    for (float& value : matrix.values()) value = static_cast<float>(random.uniform(-1, 1));
    return matrix;
}

// Run in the child process: times all shapes with the library, or with gemm() if the path is
// "digits", and prints for each the seconds and the largest difference from gemm(), relative to
// sqrt(K) because an element of the result is a sum of K products of numbers in [-1, 1].
int measure(const std::string& path, std::size_t threads) {
    set_thread_count(threads);
    Sgemm sgemm = nullptr;
    if (path != "digits") {
        void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
        if (library == nullptr || (sgemm = find_sgemm(library)) == nullptr) return 1;
    }
    for (const Shape& shape : shapes) {
        const bool transpose_a = shape.transpose_a, transpose_b = shape.transpose_b;
        const std::size_t M = shape.M, N = shape.N, K = shape.K;
        const Matrix a = transpose_a ? random_matrix(K, M, 1) : random_matrix(M, K, 1);
        const Matrix b = transpose_b ? random_matrix(N, K, 2) : random_matrix(K, N, 2);
        Matrix c(M, N), expected;
        const auto ours = [&](Matrix& result) {
            gemm(transpose_a ? transposed(a) : MatrixRef(a),
                 transpose_b ? transposed(b) : MatrixRef(b), result);
        };
        const auto number = [](std::size_t size) { return static_cast<int>(size); };
        const int row_major = 101, not_transposed = 111, is_transposed = 112;
        const double seconds = time_of(shape.operations(), [&] {
            if (sgemm == nullptr) return ours(c);
            sgemm(row_major, transpose_a ? is_transposed : not_transposed,
                  transpose_b ? is_transposed : not_transposed, number(M), number(N), number(K),
                  1.0f, a.data(), number(a.columns()), b.data(), number(b.columns()), 0.0f,
                  c.data(), number(N));
        });
        ours(expected);
        double difference = 0;
        for (std::size_t i = 0; i < c.size(); ++i) {
            const float here = std::abs(c.values()[i] - expected.values()[i]);
            difference = std::max(difference, static_cast<double>(here));
        }
        std::printf("%g %g\n", seconds, difference / std::sqrt(static_cast<double>(K)));
    }
    return 0;
}

struct Library {
    std::string name, path, environment;
    std::map<std::size_t, std::vector<std::vector<double>>> times = {};  // [threads][shape][round]
};

// Runs measure() in a new process. Returns false if that process failed.
bool run_child(const std::string& program, std::size_t threads, Library& library) {
    const std::string command = str_cat(
        "OPENBLAS_NUM_THREADS=", threads, " BLIS_NUM_THREADS=", threads, " ", library.environment,
        " '", program, "' --measure '", library.path, "' ", threads, " 2>/dev/null");
    std::FILE* const pipe = popen(command.c_str(), "r");
    if (pipe == nullptr) return false;
    std::vector<double> seconds, differences;
    double time = 0, difference = 0;
    while (std::fscanf(pipe, "%lf %lf", &time, &difference) == 2) {
        seconds.push_back(time);
        differences.push_back(difference);
    }
    if (pclose(pipe) != 0 || seconds.size() != std::size(shapes)) return false;
    auto& times = library.times[threads];
    times.resize(std::size(shapes));
    for (std::size_t i = 0; i < std::size(shapes); ++i) {
        times[i].push_back(seconds[i]);
        // Two orders of summation differ by a few roundings of 2^-24.
        if (differences[i] < 1e-5) continue;
        fail(library.name, ": its product differs from that of gemm()");
    }
    return true;
}

std::string in_columns(const std::string& text) {
    return text.size() < 19 ? std::string(19 - text.size(), ' ') + text : " " + text;
}

void print_table(std::size_t threads, const std::vector<Library>& libraries) {
    std::printf(
        "\nGFLOP/s with %zu thread%s; in brackets, how many times as fast gemm() is\n\n%-22s",
        threads, threads == 1 ? "" : "s", "product    M    N    K");
    for (const Library& library : libraries) {
        std::printf("%s", in_columns(library.name).c_str());
    }
    std::vector<double> logarithms(libraries.size(), 0.0);
    char cell[32];
    for (std::size_t i = 0; i < std::size(shapes); ++i) {
        const Shape& shape = shapes[i];
        std::printf("\n%-7s%5zu%5zu%5zu", shape.what, shape.M, shape.N, shape.K);
        const double ours = median(libraries[0].times.at(threads)[i]);
        for (std::size_t j = 0; j < libraries.size(); ++j) {
            const double seconds = median(libraries[j].times.at(threads)[i]);
            const double speed = shape.operations() / seconds / 1e9;
            std::snprintf(cell, sizeof cell, "%.1f (%.2f)", speed, seconds / ours);
            std::printf("%s", in_columns(cell).c_str());
            const bool is_training = i + 1 < std::size(shapes);
            if (is_training) logarithms[j] += std::log(seconds / ours);
        }
    }
    std::printf("\n%-22s", "mean of the training");
    for (const double logarithm : logarithms) {
        std::snprintf(cell, sizeof cell, "(%.2f)", std::exp(logarithm / (std::size(shapes) - 1)));
        std::printf("%s", in_columns(cell).c_str());
    }
    std::printf("\n");
}

int compare(const std::string& program, std::size_t rounds, std::size_t max_threads,
            const std::vector<std::string>& paths) {
    std::vector<Library> libraries = {{"gemm()", "digits", ""}};
    // An OpenBLAS that is older than the CPU does not recognize it and falls back to slow kernels.
    libraries.push_back({"OpenBLAS", "libopenblas.so.0", ""});
    libraries.push_back({"OpenBLAS SkylakeX", "libopenblas.so.0", "OPENBLAS_CORETYPE=SkylakeX"});
    libraries.push_back({"BLIS", "libblis.so.4", ""});
    for (const std::string& path : paths) {
        const std::string name = path.substr(path.find_last_of('/') + 1);
        libraries.push_back({name.substr(0, 18), path, ""});
    }
    for (std::size_t round = 0; round < rounds; ++round) {
        for (std::size_t threads = 1; threads <= max_threads; ++threads) {
            std::erase_if(libraries, [&](Library& library) {
                return !run_child(program, threads, library);  // not installed, or not for this CPU
            });
        }
    }
    if (libraries.size() < 2) {
        std::printf(
            "Found no BLAS to compare with. On Debian or Ubuntu, install libopenblas0 or "
            "libblis4.\n");
        return 0;
    }
    for (std::size_t threads = 1; threads <= max_threads; ++threads) {
        print_table(threads, libraries);
    }
    return 0;
}

}  // namespace
}  // namespace digits

int main(int argument_count, char** arguments) {
    std::size_t rounds = 5, threads = 2;
    std::vector<std::string> paths;
    const std::vector<std::string> words(arguments + 1, arguments + argument_count);
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] == "--measure") return digits::measure(words[i + 1], std::stoul(words[i + 2]));
        if (words[i] == "--rounds") {
            rounds = std::max(1ul, std::stoul(words.at(++i)));
        } else if (words[i] == "--threads") {
            threads = std::stoul(words.at(++i));
        } else {
            paths.push_back(words[i]);
        }
    }
    return digits::compare(arguments[0], rounds, threads, paths);
}
