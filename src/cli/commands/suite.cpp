#include "cli/commands/suite.h"

#include <algorithm>
#include <cstdio>

#include "cli/commands/generated_section.h"

namespace digits {

void add_suite_options(CommandLine& line, SuiteOptions& options,
                       const std::vector<std::string>& names, const std::string& mark) {
    Option data = path_option("--data", "DIR", "other images than MNIST", options.data.folder);
    data.default_text = "data/mnist";
    line.add(std::move(data));
    line.add({"--only", "NAME", "this one; may be given several times", "all",
              [&options, names](const std::string& name) {
                  if (std::ranges::find(names, name) == names.end()) {
                      const std::vector<std::string_view> all(names.begin(), names.end());
                      throw UsageError(
                          str_cat("--only takes ", alternatives(all), ", not '", name, "'"));
                  }
                  options.only.push_back(name);
              }});
    line.add({"--into", "FILE",
              str_cat("write the table into this text, too, between its lines \"<!-- ", mark,
                      " -->\" and \"<!-- end of ", mark, " -->\"; may be given several times"),
              "", [&options](const std::string& file) { options.into.emplace_back(file); }});
    line.add(path_option("--out", "DIR", "folder for the runs, a folder for each", options.out));
}

bool is_wanted(const SuiteOptions& options, std::string_view name) {
    return options.only.empty() || std::ranges::find(options.only, name) != options.only.end();
}

void require_ready(const SuiteOptions& options, const std::string& mark) {
    if (draws_digits(options.data)) {
        fail(
            "the published figures are about MNIST, and not about drawn digits; fetch it with "
            "`make mnist`, or name another folder with --data");
    }
    for (const std::filesystem::path& file : options.into) generated_section(file, mark);
}

void write_table(const SuiteOptions& options, const std::string& mark, const std::string& table) {
    std::printf("\n%s\n", table.c_str());
    for (const std::filesystem::path& file : options.into)
        replace_generated_section(file, mark, table);
}

}  // namespace digits
