#include "cli/run/benchmark.h"

#include <algorithm>

#include "linalg/gemm.h"
#include "linalg/gemm_peak.h"
#include "network/loss.h"
#include "network/network.h"
#include "training/optimizer.h"
#include "util/parallel.h"
#include "util/stopwatch.h"

namespace digits {
namespace {

constexpr std::size_t batch_size = 128;
constexpr double shortest_measurement =
    0.01;  // seconds; shorter ones are dominated by timer resolution and noise

double median(std::vector<double> values) {
    std::ranges::sort(values);
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

Matrix random_matrix(std::size_t rows, std::size_t columns) {
    Random random(1);
    Matrix matrix(rows, columns);
    for (float& value : matrix.values()) value = static_cast<float>(random.normal());
    return matrix;
}

// Floating-point operations per second of `call`, which performs `operations` of them; repeats it
// until the measurement is long enough.
template <class Call>
double speed(double operations, Call call) {
    call();  // warms up the caches and wakes the threads
    const Stopwatch stopwatch;
    double calls = 0.0, seconds = 0.0;
    while (seconds < shortest_measurement) {
        call();
        calls += 1.0;
        seconds = stopwatch.seconds();
    }
    return operations * calls / seconds;
}

double peak_speed() {
    constexpr std::size_t rounds = 200'000;
    const double operations = multiply_and_add_in_registers(rounds);
    return speed(operations, [] { multiply_and_add_in_registers(rounds); });
}

double product_speed(const ProductShape& shape) {
    const Matrix a =
        shape.a_transposed ? random_matrix(shape.K, shape.M) : random_matrix(shape.M, shape.K);
    const Matrix b =
        shape.b_transposed ? random_matrix(shape.N, shape.K) : random_matrix(shape.K, shape.N);
    Matrix c;
    return speed(shape.operations(), [&] {
        gemm(shape.a_transposed ? transposed(a) : MatrixRef(a),
             shape.b_transposed ? transposed(b) : MatrixRef(b), c);
    });
}

// Times the parts of the training step of trainer.cpp over one epoch.
StepParts time_epoch(const BenchmarkNetwork& benchmark, const Dataset& data) {
    Random random(1);
    NetworkSettings settings;
    settings.hidden = benchmark.hidden;
    Network network = build_network(data.inputs(), data.classes, settings, random);
    const std::vector<Parameter*> parameters = network.parameters();
    OptimizerSettings sgd;
    sgd.kind = OptimizerKind::sgd;
    Optimizer optimizer(sgd);
    BatchSampler order(data.size(), batch_size);
    Batch batch;
    Activations activations;
    Matrix grad_logits;

    StepParts parts;
    Stopwatch stopwatch;
    const auto lap = [&stopwatch](double& part) { part += stopwatch.lap(); };
    order.shuffle(random);
    for (std::size_t b = 0; b < order.batches(); ++b) {
        gather(data, order.batch(b), batch);
        lap(parts.gather);
        const Matrix& logits = network.forward(batch.input, activations, random);
        lap(parts.forward);
        softmax_cross_entropy(logits, batch.labels, grad_logits);
        lap(parts.loss);
        network.backward(batch.input, activations, grad_logits);
        lap(parts.backward);
        optimizer.step(parameters, 0.1);
        lap(parts.optimizer);
    }
    return parts;
}

// The round with the median total. Its parts add up to that total; medians of the parts need not.
StepParts median_epoch(std::vector<StepParts> epochs) {
    std::ranges::sort(epochs, {}, &StepParts::total);
    return epochs[epochs.size() / 2];
}

}  // namespace

std::vector<ProductShape> benchmark_shapes() {
    std::vector<ProductShape> shapes{{"1024 x 1024 x 1024", 1024, 1024, 1024}};
    const std::size_t layers[][2] = {{784, 128}, {128, 64}, {64, 10}, {784, 512}, {512, 512}};
    for (const auto& [inputs, outputs] : layers) {
        const std::string layer = str_cat(inputs, " x ", outputs);
        shapes.push_back({layer + " forward", batch_size, outputs, inputs});
        shapes.push_back({layer + " weight gradient", inputs, outputs, batch_size, true, false});
        shapes.push_back({layer + " input gradient", batch_size, inputs, outputs, false, true});
    }
    return shapes;
}

std::vector<BenchmarkNetwork> benchmark_networks() {
    return {{{128, 64}}, {{512, 512}}};
}

std::string BenchmarkNetwork::name(const Dataset& data) const {
    std::string sizes = str_cat(data.inputs());
    for (const std::size_t units : hidden) sizes += str_cat("-", units);
    return str_cat(sizes, "-", data.classes);
}

double BenchmarkNetwork::operations_per_epoch(const Dataset& data) const {
    std::vector<std::size_t> outputs = hidden;
    outputs.push_back(data.classes);
    std::size_t inputs = data.inputs(), products = 0;
    for (std::size_t layer = 0; layer < outputs.size(); ++layer) {
        // Forward, the weight gradient and, except in the first layer, the input gradient.
        products += (layer == 0 ? 2 : 3) * inputs * outputs[layer];
        inputs = outputs[layer];
    }
    return 2.0 * static_cast<double>(products * data.size());
}

BenchmarkResults run_benchmarks(const Dataset& data, std::size_t rounds) {
    BenchmarkResults results;
    results.shapes = benchmark_shapes();
    results.networks = benchmark_networks();
    const std::size_t all = thread_count();
    results.threads = all == 1 ? std::vector<std::size_t>{1} : std::vector<std::size_t>{1, all};

    // samples[what][threads] holds one measurement per round.
    const std::size_t settings = results.threads.size();
    std::vector<std::vector<double>> peak(settings);
    std::vector<std::vector<std::vector<double>>> product(
        results.shapes.size(), std::vector<std::vector<double>>(settings));
    std::vector<std::vector<std::vector<StepParts>>> epoch(
        results.networks.size(), std::vector<std::vector<StepParts>>(settings));
    for (std::size_t round = 0; round < rounds; ++round) {
        for (std::size_t t = 0; t < settings; ++t) {
            set_thread_count(results.threads[t]);
            peak[t].push_back(peak_speed());
            for (std::size_t s = 0; s < results.shapes.size(); ++s) {
                product[s][t].push_back(product_speed(results.shapes[s]));
            }
            for (std::size_t n = 0; n < results.networks.size(); ++n) {
                epoch[n][t].push_back(time_epoch(results.networks[n], data));
            }
        }
    }
    for (const auto& samples : peak) results.peak.push_back(median(samples));
    for (const auto& shape : product) {
        results.product.emplace_back();
        for (const auto& samples : shape) results.product.back().push_back(median(samples));
    }
    for (const auto& network : epoch) {
        results.epoch.emplace_back();
        for (const auto& samples : network) results.epoch.back().push_back(median_epoch(samples));
    }
    return results;
}

}  // namespace digits
