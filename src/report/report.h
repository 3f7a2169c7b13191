// report.html: a self-contained page about one training run, and its figures as SVG files.
#pragma once

#include <filesystem>

#include "data/dataset.h"
#include "network/network.h"
#include "training/run_result.h"

namespace digits {

// Writes report.html and the figures in it, loss.svg and others, into the folder of the run.
// `test` is the data set of which result.test is the evaluation of `model`.
void write_report(const std::filesystem::path& folder, const RunResult& result, const Model& model,
                  const Dataset& test);

}  // namespace digits
