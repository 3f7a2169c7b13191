#include "cli/commands/generated_section.h"

#include "util/file.h"
#include "util/require.h"

namespace digits {
namespace {

struct Parts {
    std::string before, marked, after;  // the marks belong to the outer two
};

Parts parts_of(const std::filesystem::path& file, const std::string& name) {
    const std::string content(as_characters(read_file(file)));
    const std::string first = str_cat("<!-- ", name, " -->\n"),
                      last = str_cat("<!-- end of ", name);
    const std::size_t begin = content.find(first);
    const std::size_t end = begin == std::string::npos ? begin : content.find(last, begin);
    if (end == std::string::npos) {
        fail(file.string(), ": the lines \"<!-- ", name, " -->\" and \"<!-- end of ", name,
             " -->\" should mark the part that is written anew; put them in");
    }
    const std::size_t inside = begin + first.size();
    return {content.substr(0, inside), content.substr(inside, end - inside), content.substr(end)};
}

}  // namespace

void replace_generated_section(const std::filesystem::path& file, const std::string& name,
                               const std::string& part) {
    const Parts parts = parts_of(file, name);
    write_file(file, {parts.before, part, parts.after});
}

std::string generated_section(const std::filesystem::path& file, const std::string& name) {
    return parts_of(file, name).marked;
}

}  // namespace digits
