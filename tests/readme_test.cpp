// README.md and the other texts against the repository: the example compiles, the commands have a
// help, and every file that is named exists.
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "check.h"
#include "places.h"
#include "run_program.h"
#include "temporary_folder.h"

namespace digits {
namespace {

using testing::check;
using testing::check_equal;
using testing::read_text;
using testing::report_failure;

const std::filesystem::path top = testing::source_folder();

// The text between the line `opening` and the next line that is ```.
std::string fence(const std::string& markdown, const std::string& opening) {
    const std::size_t start = markdown.find("\n" + opening + "\n");
    check(start != std::string::npos);
    const std::size_t body = start + opening.size() + 2;
    return markdown.substr(body, markdown.find("\n```\n", body) + 1 - body);
}

// All text between single backticks that looks like a path of this repository.
std::vector<std::string> named_paths(const std::string& markdown) {
    std::vector<std::string> paths;
    for (std::size_t open = markdown.find('`'); open != std::string::npos;) {
        const std::size_t close = markdown.find('`', open + 1);
        if (close == std::string::npos) break;
        const std::string word = markdown.substr(open + 1, close - open - 1);
        for (const char* folder : {"src/", "tests/", "chapters/", "data/get", "data/README"}) {
            if (word.starts_with(folder) && word.find_first_of(" *…") == std::string::npos) {
                paths.push_back(word);
            }
        }
        open = markdown.find('`', close + 1);
    }
    return paths;
}

TEST(the_example_is_identical_to_the_consumer_that_ci_builds) {
    // CI builds .ci/consumer against the installed library and runs it.
    check_equal(fence(read_text(top / "README.md"), "```cpp"),
                read_text(top / ".ci" / "consumer" / "main.cpp"));
}

TEST(the_example_compiles) {
    if (!testing::has_compiler()) {
        testing::skip("there is no compiler called c++ that knows C++20");
    }
    const std::string command = "c++ -std=c++20 -Wall -Wextra -Werror -fsyntax-only -I'" +
                                (top / "src").string() + "' '" +
                                (top / ".ci" / "consumer" / "main.cpp").string() + "'";
    check_equal(std::system(command.c_str()), 0);
}

TEST(every_path_named_in_the_texts_exists) {
    for (const char* text :
         {"README.md", "data/README.md", "chapters/README.md", "chapters/experiments.md"}) {
        for (const std::string& path : named_paths(read_text(top / text))) {
            if (!std::filesystem::exists(top / path)) {
                report_failure(std::string(text) + " names " + path + ", which does not exist",
                               testing::Location::current());
            }
        }
    }
    check_equal(named_paths("`src/a.h`, `make src/`, `src/b/`")[1], "src/b/");
}

TEST(every_command_in_the_readme_has_its_help) {
    const std::string readme = read_text(top / "README.md");
    std::size_t commands = 0;
    for (std::size_t at = readme.find("| `digits "); at != std::string::npos;
         at = readme.find("| `digits ", at + 1)) {
        const std::size_t name = at + 10;
        const std::string command = readme.substr(name, readme.find_first_of("` ", name) - name);
        const std::string call = testing::digits_program() + " help " + command + " >/dev/null";
        check_equal(std::system(call.c_str()), 0);
        ++commands;
    }
    check(commands >= 4);
}

// `make figures` regenerates it.
TEST(the_source_map_of_the_last_chapter_shows_every_file) {
    const std::string map = read_text(top / "chapters/14-the-trainer/house.svg");
    for (const auto& entry : std::filesystem::recursive_directory_iterator(top / "src")) {
        const std::string name = entry.path().stem().string();
        bool is_shown =
            name == "digits" || entry.is_directory() || testing::is_hidden(entry.path());
        for (const auto& [before, after] :
             {std::pair('>', ' '), {' ', ' '}, {' ', '<'}, {'>', '<'}}) {
            is_shown = is_shown || map.find(before + name + after) != std::string::npos;
        }
        if (!is_shown)
            report_failure("house.svg does not show " + name, testing::Location::current());
    }
}

}  // namespace
}  // namespace digits
