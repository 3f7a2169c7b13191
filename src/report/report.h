// report.html: a run to look at, in one file that needs no other, and its images as files.
#pragma once

#include <filesystem>

#include "data/dataset.h"
#include "network/network.h"
#include "training/run_result.h"

namespace digits {

// Writes report.html and the images in it, loss.svg and others, into the folder of the run.
// `test` is what result.test was read from, by `model`.
void write_report(const std::filesystem::path& folder, const RunResult& result, const Model& model,
                  const Dataset& test);

}  // namespace digits
