// Consistency of the chapters with the code: quotations are verbatim, console output is what the
// programs print, and nothing is used before it is introduced.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "chapter_text.h"
#include "check.h"
#include "places.h"
#include "run_program.h"
#include "temporary_folder.h"
#include "util/require.h"
#include "util/text.h"

namespace digits {
namespace {

using testing::build_folder;
using testing::check;
using testing::check_contains;
using testing::check_equal;
using testing::Fence;
using testing::fences_of;
using testing::in_quotes;
using testing::Location;
using testing::read_text;
using testing::report_failure;
using testing::TemporaryFolder;

const std::filesystem::path top = testing::source_folder();

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool slow_build = true;
#else
constexpr bool slow_build = false;
#endif

struct Chapter {
    std::string folder;  // "chapters/01-numbers"
    std::string text, answers, program;
};

// Sorted by number.
const std::vector<Chapter>& chapters() {
    static const std::vector<Chapter> list = [] {
        std::set<std::string> folders;
        for (const auto& entry : std::filesystem::directory_iterator(top / "chapters")) {
            const std::string name = entry.path().filename().string();
            // A reader's own experiments are called 99-something.
            if (entry.is_directory() && !name.starts_with("99-") && !name.starts_with("."))
                folders.insert(name);
        }
        std::vector<Chapter> found;
        for (const std::string& folder : folders) {
            const std::filesystem::path path = top / "chapters" / folder;
            found.push_back({"chapters/" + folder, read_text(path / "README.md"),
                             read_text(path / "answers.md"), read_text(path / "main.cpp")});
        }
        return found;
    }();
    return list;
}

void complain(const std::string& where, std::size_t line, const std::string& what) {
    report_failure(str_cat(where, ":", line, ": ", what), Location::current());
}

// The shell command for "make chapter-04", "build/digits ..." or "c++ ... -o build/xor &&
// build/xor", with the programs of this build and this data. Empty for any other command.
std::string runnable(const std::string& command, const std::string& data) {
    if (command.starts_with("make chapter-")) {
        for (const Chapter& chapter : chapters()) {
            if (!chapter.folder.starts_with("chapters/" + command.substr(13) + "-")) continue;
            return str_cat(shell_word((build_folder() / chapter.folder / "main").string()),
                           " --data ", data);
        }
    }
    if (command.starts_with("build/digits ")) return testing::digits_program() + command.substr(12);
    if (command.starts_with("c++ "))
        return replaced(command, "build/", shell_word(build_folder().string()) + "/");
    return "";
}

// The output of a command, or nothing if it fails. Each command is run only once, even if several
// excerpts of its output are shown.
const std::optional<std::string>& output_of(const std::string& command) {
    static std::map<std::string, std::optional<std::string>> outputs;
    const auto [found, is_new] = outputs.try_emplace(command);
    if (!is_new) return found->second;
    const TemporaryFolder folder;
    const std::string path = (folder / "output").string();
    const bool trains = command.find(" train ") != std::string::npos;  // writes a run's folder
    const std::string line = str_cat("cd ", shell_word((trains ? folder.path() : top).string()),
                                     " && ", command, " >'", path, "'");
    if (std::system(line.c_str()) == 0) found->second = read_text(path);
    return found->second;
}

void check_output(const std::string& file, const Fence& fence) {
    const std::string data = fence.info == "console mnist" ? "data/mnist" : "drawn";
    if (data == "data/mnist" && !std::filesystem::exists(top / data)) return;
    if (fence.lines.empty() || !fence.lines[0].starts_with("$ ")) {
        return complain(file, fence.line, "does not begin with \"$ \" and a command");
    }
    const std::string command = runnable(fence.lines[0].substr(2), data);
    if (command.empty())
        return complain(file, fence.line, "shows a command that this test cannot run");
    if (command.starts_with("c++ ") && !testing::has_compiler()) return;
    const std::optional<std::string>& printed = output_of(command);
    if (!printed) return complain(file, fence.line, "shows a command that fails: " + command);
    const std::vector<std::string> expected(fence.lines.begin() + 1, fence.lines.end());
    if (!testing::output_matches(expected, testing::lines_of(*printed))) {
        complain(file, fence.line,
                 "differs from the output of the program, which is:\n" + *printed);
    }
}

// Introducing "src/linalg/gemm.h" introduces "src/linalg/gemm.cpp", too.
bool is_introduced(const std::set<std::string>& introduced, const std::string& file) {
    const std::string header = file.substr(0, file.rfind('.')) + ".h";
    return introduced.contains(file) || introduced.contains(header);
}

TEST(quoted_code_is_verbatim_in_the_named_file) {
    std::size_t quotations = 0;
    for (const Chapter& chapter : chapters()) {
        for (const auto& [name, text] :
             {std::pair{"/README.md", chapter.text}, {"/answers.md", chapter.answers}}) {
            for (const Fence& fence : fences_of(text)) {
                if (!fence.info.starts_with("cpp ")) continue;
                ++quotations;
                const std::string path = fence.info.substr(4);
                if (!std::filesystem::exists(top / path)) {
                    complain(chapter.folder + name, fence.line,
                             "quotes " + path + ", which does not exist");
                    continue;
                }
                const std::string missing = testing::quotation_complaint(
                    fence.lines, testing::lines_of(read_text(top / path)));
                if (!missing.empty())
                    complain(chapter.folder + name, fence.line,
                             "differs from " + path + ": " + missing);
            }
        }
    }
    check(quotations > 0);
}

TEST(a_program_that_needs_no_library_is_quoted_from_its_first_line_to_its_last) {
    for (const Chapter& chapter : chapters()) {
        for (const auto& entry : std::filesystem::directory_iterator(top / chapter.folder)) {
            const std::filesystem::path& path = entry.path();
            if (path.extension() != ".cpp" || path.filename() == "main.cpp") continue;
            if (testing::is_hidden(path)) continue;
            const std::vector<std::string> lines = testing::lines_of(read_text(path));
            const std::string info = str_cat("cpp ", chapter.folder, "/", path.filename().string());
            const bool whole = std::ranges::any_of(
                fences_of(chapter.text),
                [&](const Fence& fence) { return fence.info == info && fence.lines == lines; });
            if (!whole) complain(chapter.folder, 1, "does not quote all of " + info.substr(4));
        }
    }
}

TEST(quoted_output_is_what_the_program_prints) {
    if (slow_build) testing::skip("the programs of the chapters take minutes under a sanitizer");
    for (const Chapter& chapter : chapters()) {
        bool runs_itself = false;
        for (const Fence& fence : fences_of(chapter.text)) {
            if (!fence.info.starts_with("console")) continue;
            check_output(chapter.folder + "/README.md", fence);
            runs_itself =
                runs_itself || fence.lines[0] == "$ make chapter-" + chapter.folder.substr(9, 2);
        }
        if (!runs_itself)
            complain(chapter.folder + "/README.md", 1, "does not show its own program run");
    }
}

TEST(nothing_is_quoted_or_included_before_it_is_introduced_and_each_file_once) {
    std::set<std::string> introduced;
    for (const Chapter& chapter : chapters()) {
        const std::string file = chapter.folder + "/README.md";
        for (const std::string& path : testing::new_files_of(chapter.text)) {
            if (!std::filesystem::exists(top / path))
                complain(file, 1, "introduces " + path + ", which does not exist");
            if (!introduced.insert(path).second) complain(file, 1, "introduces " + path + " again");
        }
        introduced.insert(chapter.folder + "/main.cpp");
        for (const Fence& fence : fences_of(chapter.text)) {
            if (!fence.info.starts_with("cpp ")) continue;
            const std::string path = fence.info.substr(4);
            if (!is_introduced(introduced, path))
                complain(file, fence.line, "quotes " + path + " before it is introduced");
        }
        for (const auto& entry : std::filesystem::directory_iterator(top / chapter.folder)) {
            const std::string name = entry.path().filename().string();
            if (name != "main.cpp" && !name.ends_with(".h")) continue;
            if (testing::is_hidden(entry.path())) continue;
            for (const std::string& line : testing::lines_of(read_text(entry.path()))) {
                const std::string path = testing::included_file(line, chapter.folder);
                if (!path.empty() && !introduced.contains(path))
                    complain(chapter.folder + "/" + name, 1,
                             "includes " + path + " before it is introduced");
            }
        }
    }
}

TEST(markdown_leaves_formulas_unchanged) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(top / "chapters")) {
        if (entry.path().extension() != ".md" || testing::is_hidden(entry.path())) continue;
        std::size_t number = 0;
        for (const std::string& line :
             testing::lines_of(testing::without_fences(read_text(entry.path())))) {
            const std::string what = testing::formula_complaint(line);
            ++number;
            if (!what.empty()) complain(entry.path().string(), number, what);
        }
    }
}

TEST(every_link_has_a_target) {
    std::vector<std::filesystem::path> texts{top / "README.md", top / "data/README.md"};
    for (const auto& entry : std::filesystem::recursive_directory_iterator(top / "chapters")) {
        if (entry.path().extension() == ".md" && !testing::is_hidden(entry.path()))
            texts.push_back(entry.path());
    }
    for (const std::filesystem::path& path : texts) {
        for (const std::string& link : testing::links_of(read_text(path))) {
            if (link.starts_with("http")) continue;
            const std::size_t hash = std::min(link.find('#'), link.size());
            const std::filesystem::path target =
                hash == 0 ? path : path.parent_path() / link.substr(0, hash);
            if (!std::filesystem::exists(target)) {
                complain(path.string(), 1, "links to " + link + ", which does not exist");
            } else if (hash < link.size() &&
                       std::ranges::count(testing::anchors_of(read_text(target)),
                                          link.substr(hash + 1)) != 1) {
                complain(path.string(), 1, "links to " + link + ", a heading that does not exist");
            }
        }
    }
}

TEST(links_lead_from_the_first_chapter_to_the_last) {
    const auto link = [](const std::string& from, const Chapter& chapter) {
        return str_cat("(", from, chapter.folder.substr(9), "/README.md)");
    };
    check_contains(read_text(top / "README.md"), link("chapters/", chapters().front()));
    for (std::size_t i = 0; i < chapters().size(); ++i) {
        const std::string& page = chapters()[i].text;
        check_contains(read_text(top / "chapters" / "README.md"), link("", chapters()[i]));
        check_contains(page, "(../README.md)");
        check_contains(page, "(answers.md)");
        if (i > 0) check_contains(page, link("../", chapters()[i - 1]));
        if (i + 1 < chapters().size()) check_contains(page, link("../", chapters()[i + 1]));
    }
}

TEST(chapters_and_their_programs_have_a_readable_length) {
    for (const Chapter& chapter : chapters()) {
        const std::size_t words = testing::words_of(chapter.text);
        if (words < 800 || words > 2500)
            complain(chapter.folder, 1, str_cat(words, " words; expected 800 to 2,500"));
        const std::size_t lines = testing::lines_of(chapter.program).size();
        if (lines < 40 || lines > 180)
            complain(chapter.folder, 1, str_cat(lines, " lines of main.cpp; expected 40 to 180"));
    }
}

}  // namespace
}  // namespace digits
