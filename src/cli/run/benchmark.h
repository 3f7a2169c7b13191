// Benchmarks: speed of matrix products at many shapes, of training epochs and of the parts of a
// step.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "data/dataset.h"

namespace digits {

// A benchmarked matrix product C (M, N) = A (M, K) B (K, N); each factor may be stored transposed.
struct ProductShape {
    std::string name;
    std::size_t M, N, K;
    bool a_transposed = false;
    bool b_transposed = false;

    double operations() const { return 2.0 * static_cast<double>(M * N * K); }
};

// 1024^3, and the three products of the layers of both networks below, for batches of 128.
std::vector<ProductShape> benchmark_shapes();

// A network whose training epochs are timed, with plain SGD on batches of 128.
struct BenchmarkNetwork {
    std::vector<std::size_t> hidden;

    std::string name(const Dataset& data) const;
    // Multiplications and additions in the matrix products of one epoch, including those with
    // zeros.
    double operations_per_epoch(const Dataset& data) const;
};
std::vector<BenchmarkNetwork> benchmark_networks();

// Seconds spent in each part of the training step, summed over an epoch.
struct StepParts {
    double gather = 0.0;
    double forward = 0.0;
    double loss = 0.0;
    double backward = 0.0;
    double optimizer = 0.0;

    double total() const { return gather + forward + loss + backward + optimizer; }
};

// Medians over `rounds` rounds. Each round measures everything once, so that a machine that is slow
// for a while slows all measurements alike and the medians stay comparable.
struct BenchmarkResults {
    std::vector<std::size_t> threads;  // 1, and the number of all threads
    std::vector<double> peak;          // operations per second [threads]
    std::vector<ProductShape> shapes;
    std::vector<std::vector<double>> product;  // operations per second [shape][threads]
    std::vector<BenchmarkNetwork> networks;
    std::vector<std::vector<StepParts>> epoch;  // [network][threads]
};

BenchmarkResults run_benchmarks(const Dataset& data, std::size_t rounds);

}  // namespace digits
