// Layering rules, checked on every file: allowed includes, and features restricted to single files.
#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "check.h"
#include "lines.h"
#include "places.h"
#include "util/text.h"

namespace digits {
namespace {

using testing::check;
using testing::check_contains;
using testing::check_equal;
using testing::lines_of;
using testing::report_failure;

// The layers, lowest first: each folder of src may include itself and the folders before it.
constexpr std::array<std::string_view, 9> folders{
    "util", "linalg", "formats", "data", "network", "training", "plot", "report", "cli"};

constexpr std::size_t longest_file = 400;  // lines; a longer file probably contains two ideas

// The order inside cli: files directly in it, then its folders; main.cpp may include all of them.
constexpr std::array<std::string_view, 5> cli_folders{"", "options", "run", "sweep", "commands"};

// A feature that only some files may use: a word that reveals it, and the path prefixes of its
// owners.
struct Owned {
    std::string_view word;
    std::vector<std::string_view> owners;
    std::string_view why;
};

const std::vector<Owned>& owned_words() {
    const std::vector<std::string_view> threads{"src/util/parallel.", "src/util/event_count."};
    std::vector<std::string_view> with_signals = threads;  // signal handlers run in any thread
    with_signals.push_back("src/cli/run/interrupt.");
    const std::vector<std::string_view> files{"src/util/file.", "src/util/system_info."};
    const std::vector<std::string_view> program{"src/cli/"};
    static const std::vector<Owned> list{
        {"#include <thread>", threads, "threads live in util/parallel"},
        {"#include <mutex>", threads, "threads live in util/parallel"},
        {"#include <atomic>", with_signals, "threads live in util/parallel"},
        {"#include <condition_variable>", threads, "threads live in util/parallel"},
        {"#include <future>", threads, "threads live in util/parallel"},
        {"#include <random>", {}, "its numbers differ between systems: use util/random.h"},
        {"#include <fstream>", files, "files are opened in util/file"},
        {"#include <sstream>", {}, "its numbers depend on the locale: use util/text.h"},
        {"#include <cctype>", {}, "it depends on the locale: use util/text.h"},
        {"std::strtod(", {"src/util/text."}, "it depends on the locale: use parse_number()"},
        {"std::tolower(", {}, "it depends on the locale: use lower_case()"},
        {"#include <iostream>", program, "only the program prints"},
        {"std::printf(", program, "only the program prints"},
        {"std::fprintf(", program, "only the program prints"},
        {"std::puts(", program, "only the program prints"},
        {"std::fputs(", program, "only the program prints"},
    };
    return list;
}

struct Source {
    std::string path;  // relative to the repository: "src/linalg/gemm.h"
    std::string text;
};

// The position in `folders` of the folder that a path such as "linalg/gemm.h" begins with, or
// folders.size() where there is none.
std::size_t layer_of(std::string_view path) {
    const std::string_view folder = path.substr(0, path.find('/'));
    return static_cast<std::size_t>(std::find(folders.begin(), folders.end(), folder) -
                                    folders.begin());
}

// The position of "options" in `cli_folders` for "cli/options/option.h".
std::size_t cli_layer_of(std::string_view path) {
    const std::size_t first = path.find('/'), last = path.rfind('/');
    const std::string_view folder =
        first == last ? std::string_view() : path.substr(first + 1, last - first - 1);
    return static_cast<std::size_t>(std::find(cli_folders.begin(), cli_folders.end(), folder) -
                                    cli_folders.begin());
}

// The name in an #include line, with its opening < or "; empty when the line is incomplete.
std::string_view included(std::string_view line) {
    const std::size_t open = line.find_first_of("<\"");
    const std::size_t close = line.find_last_of(">\"");
    if (open == std::string_view::npos || close <= open) return {};
    return line.substr(open, close - open);
}

// Empty, or what is wrong with an #include in src/`includer`.
std::string include_complaint(std::string_view includer, std::string_view line) {
    const std::string_view opened = included(line);
    if (opened.empty()) return "is an incomplete #include";
    const std::string_view name = opened.substr(1);
    if (opened[0] == '<') {
        // The standard headers of C++ have one-word names: <vector>, but <zlib.h>, <sys/mman.h>.
        if (name.find_first_of("./") == std::string_view::npos) return "";
        // Terminals, flushing to disk, file locks and questions about the processor need system
        // headers.
        for (const char* owner :
             {"cli/terminal.cpp", "cli/open_in_browser.cpp", "cli/processor_check.cpp",
              "util/file.cpp", "util/file_lock.cpp", "util/system_info.cpp"}) {
            if (includer == owner) return "";
        }
        return "is not of the C++ standard library";
    }
    if (layer_of(name) == folders.size()) return "must name its folder, as in \"linalg/matrix.h\"";
    // digits.h includes the whole library, which is everything except the command line.
    const bool is_umbrella = includer == "digits.h";
    const std::size_t lowest = is_umbrella ? folders.size() - 2 : layer_of(includer);
    if (layer_of(name) > lowest) {
        return str_cat("is in a higher layer than ", is_umbrella ? "the library" : folders[lowest]);
    }
    const bool is_main = includer == "cli/main.cpp";
    if (name.starts_with("cli/") && !is_main && cli_layer_of(name) > cli_layer_of(includer)) {
        return "is in a higher layer of cli";
    }
    return "";
}

// Empty, or what is wrong with an #include in a chapter.
std::string chapter_include_complaint(std::string_view line) {
    return included(line).starts_with("\"cli/") ? "is of the command line: chapters use the library"
                                                : "";
}

// A header begins with a comment that says what it is for, then has an include guard.
std::string header_complaint(const std::vector<std::string>& lines) {
    if (lines.empty() || !lines[0].starts_with("// "))
        return "its first line must say what it is for";
    for (const std::string& line : lines) {
        if (line == "#pragma once") return "";
        if (!line.starts_with("//")) break;
    }
    return "\"#pragma once\" must follow its first comment";
}

// Empty, or why this line of code is not allowed in the file.
std::string ownership_complaint(std::string_view path, std::string_view code) {
    for (const auto& [word, owners, why] : owned_words()) {
        if (code.find(word) == std::string_view::npos) continue;
        const bool allowed = std::any_of(owners.begin(), owners.end(),
                                         [&](auto owner) { return path.starts_with(owner); });
        if (!allowed) return std::string(why);
    }
    return "";
}

// All violations in a file, one per line as "path:line: what"; empty if there are none.
std::string complaints(const Source& source) {
    std::ostringstream found;
    const auto complain = [&](std::size_t line, std::string_view code, std::string_view what) {
        if (!what.empty()) found << source.path << ":" << line << ": " << code << what << "\n";
    };
    const std::vector<std::string> lines = lines_of(source.text);
    if (lines.size() > longest_file) {
        complain(lines.size(), "", str_cat("longer than ", longest_file, " lines: two ideas?"));
    }
    if (source.path.starts_with("chapters/")) {
        for (std::size_t i = 0; i < lines.size(); ++i) {
            if (!lines[i].starts_with("#include")) continue;
            complain(i + 1, lines[i] + " ", chapter_include_complaint(lines[i]));
        }
    }
    if (!source.path.starts_with("src/")) return found.str();

    const std::string path_in_src = source.path.substr(4);
    if (layer_of(path_in_src) == folders.size() && path_in_src != "digits.h") {
        complain(1, "", "is in no folder of the table of layers");
    }
    if (path_in_src.starts_with("cli/") && cli_layer_of(path_in_src) == cli_folders.size()) {
        complain(1, "", "is in no folder of the table of layers of cli");
    }
    if (source.path.ends_with(".h")) complain(1, "", header_complaint(lines));
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string code = lines[i].substr(0, lines[i].find("//"));
        complain(i + 1, code + " ", ownership_complaint(source.path, code));
        if (!code.starts_with("#include")) continue;
        complain(i + 1, code + " ", include_complaint(path_in_src, code));
    }
    return found.str();
}

std::vector<Source> all_sources() {
    std::vector<Source> sources;
    const std::filesystem::path top = testing::source_folder();
    for (const char* folder : {"src", "tests", "chapters"}) {
        if (!std::filesystem::exists(top / folder)) continue;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(top / folder)) {
            const std::filesystem::path& path = entry.path();
            if (path.extension() != ".h" && path.extension() != ".cpp") continue;
            if (testing::is_hidden(path)) continue;
            std::ostringstream contents;
            contents << std::ifstream(path).rdbuf();
            sources.push_back({path.lexically_relative(top).generic_string(), contents.str()});
        }
    }
    return sources;
}

// A header that keeps the rules except for, perhaps, this line.
Source header(const std::string& path, const std::string& line) {
    return {path, "// What it is for.\n#pragma once\n\n" + line + "\n"};
}

TEST(every_file_keeps_the_layering_rules) {
    bool saw_the_product = false;
    for (const Source& source : all_sources()) {
        saw_the_product = saw_the_product || source.path == "src/linalg/gemm.h";
        const std::string found = complaints(source);
        if (!found.empty()) report_failure(found, testing::Location::current());
    }
    check(saw_the_product);
}

// The headers that a source includes from src/, such as "linalg/matrix.h".
std::set<std::string> own_includes(const Source& source) {
    std::set<std::string> names;
    for (const std::string& line : lines_of(source.text)) {
        if (!line.starts_with("#include \"")) continue;
        names.emplace(included(line).substr(1));
    }
    return names;
}

// Only the headers that digits.h includes are installed, so they must suffice.
TEST(public_headers_include_only_public_headers) {
    std::set<std::string> is_public;
    const std::vector<Source> sources = all_sources();
    for (const Source& source : sources) {
        if (source.path == "src/digits.h") is_public = own_includes(source);
    }
    check(is_public.size() > 20);
    for (const Source& source : sources) {
        if (!source.path.starts_with("src/") || !is_public.contains(source.path.substr(4)))
            continue;
        for (const std::string& name : own_includes(source)) {
            if (is_public.contains(name)) continue;
            report_failure(source.path + " is public but includes " + name + ", which is not",
                           testing::Location::current());
        }
    }
    check(!is_public.contains("linalg/gemm_kernel.h"));
}

TEST(a_folder_may_include_itself_and_lower_layers) {
    check_equal(complaints(header("src/data/a.h", "#include \"data/b.h\"")), "");
    check_equal(complaints(header("src/data/a.h", "#include \"util/b.h\"  // why")), "");
    check_equal(complaints(header("src/data/synthetic/a.h", "#include \"data/b.h\"")), "");
    check_equal(complaints(header("src/cli/a.h", "#include \"training/b.h\"")), "");
    check_equal(complaints(header("src/digits.h", "#include \"report/b.h\"")), "");
}

TEST(a_folder_must_not_include_higher_layers) {
    check_contains(complaints(header("src/util/a.h", "#include \"data/b.h\"")),
                   "src/util/a.h:4: #include \"data/b.h\" is in a higher layer than util");
    check_contains(complaints(header("src/training/a.h", "#include \"cli/b.h\"")), "higher layer");
    check_contains(complaints(header("src/plot/a.h", "#include \"report/b.h\"")), "higher layer");
    check_contains(complaints(header("src/digits.h", "#include \"cli/b.h\"")), "higher layer");
    check_contains(complaints(header("src/tools/a.h", "")), "in no folder of the table");
    check_contains(complaints(header("src/data/a.h", "#include \"b.h\"")), "name its folder");
    check_contains(complaints(header("src/data/a.h", "#include \"b.h")), "an incomplete #include");
}

TEST(the_command_line_has_layers_of_its_own) {
    check_equal(complaints(header("src/cli/run/a.h", "#include \"cli/options/b.h\"")), "");
    check_equal(complaints(header("src/cli/options/a.h", "#include \"cli/terminal.h\"")), "");
    check_equal(complaints({"src/cli/main.cpp", "#include \"cli/commands/b.h\"\n"}), "");
    check_contains(complaints(header("src/cli/options/a.h", "#include \"cli/run/b.h\"")),
                   "is in a higher layer of cli");
    check_contains(complaints(header("src/cli/terminal.h", "#include \"cli/options/b.h\"")),
                   "higher layer of cli");
    check_contains(complaints(header("src/cli/tools/a.h", "")), "in no folder of the table");
}

TEST(a_chapter_must_not_include_the_command_line) {
    check_equal(complaints({"chapters/01-numbers/main.cpp", "#include \"plot/plot.h\"\n"}), "");
    check_contains(complaints({"chapters/book.h", "#include \"cli/options/option.h\"\n"}),
                   "is of the command line: chapters use the library");
}

TEST(only_the_standard_library_is_an_external_dependency) {
    check_equal(complaints(header("src/linalg/a.h", "#include <vector>")), "");
    check_contains(complaints(header("src/linalg/a.h", "#include <immintrin.h>")), "standard");
    check_contains(complaints(header("src/data/a.h", "#include <sys/mman.h>")), "standard");
    check_contains(complaints({"src/cli/main.cpp", "#include <unistd.h>\n"}), "standard");
    check_equal(complaints({"src/cli/terminal.cpp", "#include <unistd.h>\n"}), "");
}

TEST(a_side_effect_is_restricted_to_its_owner) {
    check_equal(complaints({"src/util/parallel.cpp", "#include <thread>\n"}), "");
    check_contains(complaints({"src/training/trainer.cpp", "#include <thread>\n"}), "parallel");
    check_contains(complaints({"src/linalg/gemm.cpp", "#include <atomic>\n"}), "parallel");
    check_contains(complaints({"src/util/random.cpp", "#include <random>\n"}), "random.h");
    check_equal(complaints({"src/util/file.cpp", "#include <fstream>\n"}), "");
    check_contains(complaints({"src/data/a.cpp", "#include <sstream>\n"}), "locale");
    check_contains(complaints({"src/formats/a.cpp", "x = std::strtod(y, nullptr);\n"}), "locale");
    check_contains(complaints({"src/training/checkpoint.cpp", "#include <fstream>\n"}), "opened");
    check_equal(complaints({"src/cli/main.cpp", "#include <iostream>\n"}), "");
    check_contains(complaints({"src/network/dense.cpp", "#include <iostream>\n"}), "prints");
    check_contains(complaints({"src/network/dense.cpp", "std::printf(\"\");\n"}), "prints");
    check_equal(complaints({"src/network/dense.cpp", "std::snprintf(line);  // no printf()\n"}),
                "");
}

TEST(a_header_begins_with_its_purpose_and_a_guard) {
    check_contains(complaints({"src/util/a.h", "#pragma once\n"}), "must say what it is for");
    check_contains(complaints({"src/util/a.h", "// It.\n#include <vector>\n"}), "#pragma once");
    check_contains(complaints({"src/util/a.h", ""}), "must say what it is for");
    check_equal(complaints({"src/util/a.h", "// It.\n//\n// More.\n#pragma once\n"}), "");
}

TEST(a_file_has_at_most_400_lines) {
    const std::string line = "// A line.\n";
    std::string longest;
    for (std::size_t i = 0; i < longest_file; ++i) longest += line;
    check_equal(complaints({"tests/a_test.cpp", longest}), "");
    check_contains(complaints({"tests/a_test.cpp", longest + line}), "longer than 400 lines");
}

}  // namespace
}  // namespace digits
