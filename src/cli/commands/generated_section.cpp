#include "cli/commands/generated_section.h"

#include "util/file.h"
#include "util/require.h"

namespace digits {
namespace {

struct SplitText {
    std::string before, section, after;  // the marker lines belong to `before` and `after`
    bool has_crlf = false;               // lines end with CR LF, as on Windows
};

SplitText split_at_markers(const std::filesystem::path& file, const std::string& name) {
    const std::string content(as_characters(read_file(file)));
    const std::string mark = str_cat("<!-- ", name, " -->"),
                      last = str_cat("<!-- end of ", name, " -->");
    const bool has_crlf = content.find(mark + "\r\n") != std::string::npos;
    const std::string first = mark + (has_crlf ? "\r\n" : "\n");
    const std::size_t begin = content.find(first);
    const std::size_t end = begin == std::string::npos ? begin : content.find(last, begin);
    if (end == std::string::npos) {
        fail(file.string(), ": expected the lines \"<!-- ", name, " -->\" and \"<!-- end of ", name,
             " -->\" around the generated section, found no such pair; add them");
    }
    const std::size_t start = begin + first.size();
    return {content.substr(0, start), content.substr(start, end - start), content.substr(end),
            has_crlf};
}

}  // namespace

void replace_generated_section(const std::filesystem::path& file, const std::string& name,
                               const std::string& section) {
    const SplitText text = split_at_markers(file, name);
    std::string lines;
    for (const char c : section) {
        if (c == '\n' && text.has_crlf) lines += "\r";
        lines += c;
    }
    write_file(file, {text.before, lines, text.after});
}

std::string generated_section(const std::filesystem::path& file, const std::string& name) {
    return split_at_markers(file, name).section;
}

}  // namespace digits
