// How fast the parts are: the product at many shapes, epochs of training, and the parts of a step.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "data/dataset.h"

namespace digits {

// One product C = A B of the table, with a factor read as it is stored or transposed.
struct ProductShape {
    std::string name;
    std::size_t M, N, K;
    bool a_transposed = false;
    bool b_transposed = false;

    double operations() const { return 2.0 * static_cast<double>(M * N * K); }
};

// 1024^3, and the three products of every layer of both networks below, for batches of 128.
std::vector<ProductShape> benchmark_shapes();

// A network whose epochs are timed: plain SGD on batches of 128.
struct BenchmarkNetwork {
    std::vector<std::size_t> hidden;

    std::string name(const Dataset& data) const;
    // Multiplications and additions in the products of one epoch, as if no number were zero.
    double operations_per_epoch(const Dataset& data) const;
};
std::vector<BenchmarkNetwork> benchmark_networks();

// Seconds of one part of a training step, summed over an epoch.
struct StepParts {
    double gather = 0.0;
    double forward = 0.0;
    double loss = 0.0;
    double backward = 0.0;
    double optimizer = 0.0;

    double total() const { return gather + forward + loss + backward + optimizer; }
};

// All of it is measured in `rounds` rounds, each of which measures everything once: a machine that
// is slow for a while slows all of them, and the medians stay comparable.
struct BenchmarkResults {
    std::vector<std::size_t> threads;  // 1, and all of them
    std::vector<double> peak;          // operations per second, for each of `threads`
    std::vector<ProductShape> shapes;
    std::vector<std::vector<double>> product;  // operations per second [shape][threads]
    std::vector<BenchmarkNetwork> networks;
    std::vector<std::vector<StepParts>> epoch;  // [network][threads]
};

BenchmarkResults run_benchmarks(const Dataset& data, std::size_t rounds);

}  // namespace digits
