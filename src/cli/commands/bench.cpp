// `digits bench`: measures the speed of matrix products and training, and compares it with the
// peak.
#include <cstdio>

#include "cli/commands/commands.h"
#include "cli/options/data_options.h"
#include "cli/run/benchmark.h"
#include "formats/json.h"
#include "linalg/gemm_peak.h"
#include "util/parallel.h"
#include "util/system_info.h"
#include "util/text.h"

namespace digits {
namespace {

std::string gigaflops(double per_second) {
    return pad_left(format_fixed(per_second / 1e9, 1), 8);
}

std::string share(double part, double whole) {
    return pad_left(format_fixed(100.0 * part / whole, 0) + " %", 6);
}

void print_products(const BenchmarkResults& results) {
    std::printf("\n%-28s", "product, GFLOP/s");
    for (const std::size_t threads : results.threads) {
        std::printf("  %s",
                    pad_left(str_cat(threads, threads == 1 ? " thread" : " threads"), 15).c_str());
    }
    std::printf("\n%-28s", "peak, in registers");
    for (const double peak : results.peak) std::printf("  %s  100 %%", gigaflops(peak).c_str());
    std::printf("\n");
    for (std::size_t s = 0; s < results.shapes.size(); ++s) {
        std::printf("%-28s", results.shapes[s].name.c_str());
        for (std::size_t t = 0; t < results.threads.size(); ++t) {
            std::printf("  %s %s", gigaflops(results.product[s][t]).c_str(),
                        share(results.product[s][t], results.peak[t]).c_str());
        }
        std::printf("\n");
    }
}

void print_epochs(const BenchmarkResults& results, const Dataset& data) {
    std::printf("\nepoch of %s images, SGD, batches of 128, in seconds\n",
                with_commas(data.size()).c_str());
    std::printf("%-20s threads   epoch  of peak  gather forward    loss backward optimizer\n",
                "network");
    for (std::size_t n = 0; n < results.networks.size(); ++n) {
        for (std::size_t t = 0; t < results.threads.size(); ++t) {
            const StepParts& parts = results.epoch[n][t];
            const double speed = results.networks[n].operations_per_epoch(data) / parts.total();
            std::printf("%-20s %7zu  %6.3f   %s  %6.3f %7.3f  %6.3f  %7.3f   %7.3f\n",
                        results.networks[n].name(data).c_str(), results.threads[t], parts.total(),
                        share(speed, results.peak[t]).c_str(), parts.gather, parts.forward,
                        parts.loss, parts.backward, parts.optimizer);
        }
    }
}

Json to_json(const BenchmarkResults& results, const Dataset& data) {
    Json products = Json::array();
    for (std::size_t s = 0; s < results.shapes.size(); ++s) {
        const ProductShape& shape = results.shapes[s];
        Json product = Json::object();
        product.set("name", shape.name).set("M", shape.M).set("N", shape.N).set("K", shape.K);
        product.set("flops", Json::array(results.product[s]));
        products.add(std::move(product));
    }
    Json epochs = Json::array();
    for (std::size_t n = 0; n < results.networks.size(); ++n) {
        for (std::size_t t = 0; t < results.threads.size(); ++t) {
            const StepParts& parts = results.epoch[n][t];
            Json epoch = Json::object();
            epoch.set("network", results.networks[n].name(data))
                .set("threads", results.threads[t])
                .set("seconds", parts.total())
                .set("gather", parts.gather)
                .set("forward", parts.forward)
                .set("loss", parts.loss)
                .set("backward", parts.backward)
                .set("optimizer", parts.optimizer)
                .set("operations", results.networks[n].operations_per_epoch(data));
            epochs.add(std::move(epoch));
        }
    }
    Json json = Json::object();
    json.set("processor", cpu_name())
        .set("instructions", vector_instructions())
        .set("compiler", compiler_name())
        .set("dataset", data.name)
        .set("threads", Json::array(results.threads))
        .set("peak_flops", Json::array(results.peak))
        .set("products", std::move(products))
        .set("epochs", std::move(epochs));
    return json;
}

int run(std::span<const std::string> arguments) {
    DataSource data_options;
    std::size_t rounds = 5;
    bool json = false;
    CommandLine line(
        "bench", std::string(bench_command.summary),
        "Measures matrix products of the shapes that occur in training, and whole epochs of "
        "two networks, with one thread and with all. Prints the medians of interleaved "
        "rounds.");
    add_data_option(line, data_options);
    line.add(
        setting_option({"rounds", "how many times everything is measured", &rounds, {.low = 1}}));
    line.add(setting_option({"json", "print JSON instead of tables", &json}));
    if (!line.parse(arguments)) {
        std::printf("%s", line.help().c_str());
        return 0;
    }
    check_data_options(data_options);
    const Dataset data = load_part(data_options, Part::training);
    const BenchmarkResults results = run_benchmarks(data, rounds);
    if (json) {
        std::printf("%s", to_json(results, data).to_text().c_str());
        return 0;
    }
    std::printf("%s, %zu cores used, %s, %s; %s\n", cpu_name().c_str(), thread_count(),
                vector_instructions(), compiler_name().c_str(), data.name.c_str());
    print_products(results);
    print_epochs(results, data);
    return 0;
}

}  // namespace

const Command bench_command{"bench", "measures how fast this machine trains", run};

}  // namespace digits
