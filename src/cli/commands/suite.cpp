#include "cli/commands/suite.h"

#include <algorithm>
#include <cstdio>

#include "cli/commands/generated_section.h"
#include "cli/terminal.h"

namespace digits {

void add_suite_options(CommandLine& line, SuiteOptions& options,
                       const std::vector<std::string>& names, const std::string& mark) {
    Option data =
        path_option("--data", "DIR", "use these images instead of MNIST", options.data.folder);
    data.default_text = "data/mnist";
    line.add(std::move(data));
    line.add({"--only", "NAME", "train only this one; may be repeated", "all",
              [&options, names](const std::string& name) {
                  if (std::ranges::find(names, name) == names.end()) {
                      const std::vector<std::string_view> all(names.begin(), names.end());
                      throw UsageError(
                          str_cat("--only takes ", alternatives(all), ", not '", name, "'"));
                  }
                  options.only.push_back(name);
              }});
    line.add({"--into", "FILE",
              str_cat("also write the table into this file, between its lines \"<!-- ", mark,
                      " -->\" and \"<!-- end of ", mark, " -->\"; may be repeated"),
              "", [&options](const std::string& file) { options.into.emplace_back(file); }});
    line.add(path_option("--out", "DIR", "folder for the runs, one subfolder each", options.out));
}

bool is_wanted(const SuiteOptions& options, std::string_view name) {
    return options.only.empty() || std::ranges::find(options.only, name) != options.only.end();
}

void require_ready(const SuiteOptions& options, const std::string& mark) {
    if (draws_digits(options.data)) {
        fail(
            "expected MNIST, which the published results are about, found only drawn digits; fetch "
            "MNIST with `make mnist`, or name a folder with --data");
    }
    for (const std::filesystem::path& file : options.into) generated_section(file, mark);
}

void write_table(const SuiteOptions& options, const std::string& mark, const std::string& table) {
    std::printf("\n%s\n", printable(in_output_encoding(table)).c_str());
    for (const std::filesystem::path& file : options.into)
        replace_generated_section(file, mark, table);
}

}  // namespace digits
